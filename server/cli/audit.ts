import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command as CliCommand, InvalidArgumentError } from "commander";
import { ulid } from "ulid";
import type { AuditOffice } from "../audit/sealer.js";
import type { Command } from "../commands/command.js";
import type { Services } from "../services.js";
import { CliError, EXIT, usageError } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig, projectRoot } from "./project.js";
import { refused } from "./refused.js";

/** Kept as it is, since exports ship it. */
const VERIFIER = join(projectRoot, "server", "audit", "verify-export.mjs");

export const auditCommand = (): CliCommand =>
  new CliCommand("audit")
    .description("the audit log: verify, export, prove; the key that signs it")
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
    .addCommand(proveCommand())
    .addCommand(keyCommand());

const tenantOption = ["--tenant <id>", "whose log"] as const;

const verifyCommand = (): CliCommand =>
  new CliCommand("verify")
    .description("whether the log is what was sealed; exit 1 if it isn't, or if no checkpoint from outside says so")
    .requiredOption(...tenantOption)
    .option("--checkpoint <file>", "the checkpoint to hold it against (default: this home's own)")
    .option("--json", "as JSON: {ok, size, root, unsealed, firstBad, …}")
    .action(async (options: { tenant: string; checkpoint?: string; json?: true }) => {
      await withAudit(async (services, office) => {
        const { verifyTenant } = await import("../audit/verify.js");
        const note = await noteOf(office, options.tenant, options.checkpoint);
        const outside = { publicKey: office.signer.publicKey, trusted: office.trusted, note };
        const found = await verifyTenant(services.graph, options.tenant, outside);
        if (options.json) print(JSON.stringify(found));
        else {
          print(
            `${found.ok ? "ok" : "NOT OK"}: ${found.size} entries, root ${found.root}, ${found.unsealed} not sealed yet`,
          );
          if (found.problem !== null)
            say(`${found.problem}${found.firstBad === null ? "" : ` (from sequence ${found.firstBad} on)`}`);
        }
        if (!found.ok) process.exitCode = EXIT.failed;
      });
    });

const exportCommand = (): CliCommand =>
  new CliCommand("export")
    .description(
      "the sealed log with its checkpoint, the public key and a verifier that needs only Node; stands in the log",
    )
    .requiredOption(...tenantOption)
    .requiredOption("--out <folder>", "a new or empty folder")
    .action(async (options: { tenant: string; out: string }) => {
      await withAudit(async (services, { signer: { publicKey } }) => {
        const [{ exportAudit }, { writeExport, EXPORT_FILES }] = await Promise.all([
          import("../audit/audit.command.js"),
          import("../audit/export.js"),
        ]);
        await noted(services, options.tenant, exportAudit, {});
        const folder = resolve(options.out);
        const { size } = await writeExport(services.graph, options.tenant, { publicKey, folder, verifier: VERIFIER });
        say(`${size} entries; verify them with a key and a checkpoint that were kept elsewhere:`);
        say(`  node ${join(folder, EXPORT_FILES.verifier)} ${folder} --key KEY --checkpoint FILE`);
        print(folder);
      });
    });

const proveCommand = (): CliCommand =>
  new CliCommand("prove")
    .description("as JSON what shows that an entry is in the log, or that the log only grew; stands in the log")
    .requiredOption(...tenantOption)
    .option("--entry <id>", "the entry's id")
    .option("--since <size>", "in place of an entry: how many entries an earlier checkpoint tells of", parseSize)
    .action(async ({ tenant, entry, since }: { tenant: string; entry?: string; since?: number }) => {
      if ((entry === undefined) === (since === undefined)) throw usageError("give either --entry or --since");
      await withAudit(async (services, { signer: { publicKey } }) => {
        const [{ exportAudit }, { proveEntry, proveGrowth }] = await Promise.all([
          import("../audit/audit.command.js"),
          import("../audit/export.js"),
        ]);
        await noted(services, tenant, exportAudit, { entryId: entry });
        const proof =
          entry === undefined
            ? await proveGrowth(services.graph, tenant, since!, publicKey)
            : await proveEntry(services.graph, tenant, entry, publicKey);
        print(JSON.stringify(proof, null, 2));
      });
    });

const keyCommand = (): CliCommand =>
  new CliCommand("key")
    .description("the public key that this home signs checkpoints with, as regions.yaml takes it (auditKeys)")
    .action(async () => {
      const { loadAuditSigner } = await import("../audit/signer.js");
      print((await loadAuditSigner(cliConfig().home)).publicKey.toString("base64"));
    });

function parseSize(given: string): number {
  const size = Number(given);
  if (!Number.isSafeInteger(size) || size < 1) throw new InvalidArgumentError("Expected a whole number from 1.");
  return size;
}

async function withAudit(work: (services: Services, office: AuditOffice) => Promise<void>): Promise<void> {
  const { withDatabase } = await import("./running.js");
  await withDatabase(cliConfig(), (services) => work(services, services.audit!));
}

async function noteOf(office: AuditOffice, tenantId: string, file: string | undefined): Promise<string | null> {
  if (file === undefined) return (await office.checkpoints.read(tenantId))?.note ?? null;
  return readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`, EXIT.usage);
  });
}

/** Runs a command that is there for its audit entry; when it is refused, nothing is read. */
async function noted<I, R>(services: Services, tenantId: string, command: Command<I, R>, input: object): Promise<void> {
  const { systemCaller } = await import("../commands/caller.js");
  const executed = await services.execute(command, systemCaller(tenantId), {
    ...input,
    operationId: `cli/audit/${ulid()}`,
    reason: command.name,
  });
  if (!executed.ok) throw refused(executed.problems);
}
