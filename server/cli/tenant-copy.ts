import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command } from "commander";
import { ulid } from "ulid";
import type { Services } from "../services.js";
import type { ExportLine } from "../tenancy/export.js";
import { errno } from "../graph/embedded/problem.js";
import { CliError, EXIT } from "./exit.js";
import { fileProblem } from "./file-problem.js";
import { print, progressLine, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";
import { onTenant, withServices } from "./tenant-state.js";

export const exportCommand = (): Command =>
  new Command("export")
    .description("everything that a tenant has, as JSON Lines; stands in its audit")
    .argument("<id>")
    .option("--out <file>", "a new file (default: standard output)")
    .action((id: string, { out }: { out?: string }) =>
      withServices(async (services) => {
        const { loadRegions, regionOfPath } = await import("../tenancy/regions.js");
        const regions = out === undefined ? null : await loadRegions(cliConfig());
        await noteExport(services, id, regions === null ? null : await regionOfPath(regions, resolve(out!)));
        const { nodes, edges } = await write(services, id, out);
        say(`exported tenant ${id}: ${nodes} nodes, ${edges} edges`);
      }),
    );

export const backupCommand = (): Command =>
  new Command("backup")
    .description("an export in the region's storage, which `restore` reads back; prints the file's path")
    .argument("<id>")
    .option("--region <region>", "the region whose storage it is written to (default: this process's)")
    .option("--json", "as JSON: {tenant, region, file, nodes, edges, sha256}")
    .action((id: string, options: { region?: string; json?: true }) =>
      withServices(async (services) => {
        const config = cliConfig();
        const { backupFolder, loadRegions, regionOfPath } = await import("../tenancy/regions.js");
        const regions = await loadRegions(config);
        const region = options.region ?? config.region;
        await noteExport(services, id, region);
        const folder = regions === null ? join(config.home, "backups") : backupFolder(regions[region]!);
        if (folder === null)
          throw new CliError(`regions.yaml has no storage for backups of ${region}; add \`backups: /a/folder\` to it.`);
        const file = join(folder, id, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}.jsonl`);
        // Links may lead elsewhere than the name says: the region that is really written to is judged as well.
        const real = regions === null ? region : await regionOfPath(regions, file);
        if (real !== region) {
          if (real !== null) await noteExport(services, id, real);
          throw new CliError(
            `${folder} isn't in the storage of ${region} but leads ${real === null ? "out of it" : `into that of ${real}`}.`,
          );
        }
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        const { nodes, edges, sha256 } = await write(services, id, file);
        say(`backed up tenant ${id} in ${region}: ${nodes} nodes, ${edges} edges`);
        print(options.json ? JSON.stringify({ tenant: id, region, file, nodes, edges, sha256 }) : file);
      }),
    );

/** Stands in the audit before anything is read; a region that the tenant doesn't allow is refused by policy, and that stands there too. */
async function noteExport(services: Services, id: string, region: string | null): Promise<void> {
  const { exportTenant } = await import("../domains/tenant/tenant-state.service.js");
  await onTenant(services, exportTenant, id, { region });
}

async function write(services: Services, id: string, out: string | undefined): Promise<ExportLine & { type: "end" }> {
  const { exportTenantLines } = await import("../tenancy/export.js");
  let end: (ExportLine & { type: "end" }) | undefined;
  async function* texts() {
    for await (const { line, text } of exportTenantLines(services.graph, id, services.audit?.signer)) {
      if (line.type === "end") end = line;
      yield text;
    }
  }
  if (out === undefined) for await (const text of texts()) print(text.trimEnd());
  else await save(Readable.from(texts()), resolve(out));
  return end!;
}

async function save(body: Readable, path: string): Promise<void> {
  try {
    await pipeline(body, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    if (errno(error) === "EEXIST") throw new CliError(`${path} is there already; it was left as it is.`, EXIT.conflict);
    await rm(path, { force: true }).catch(() => undefined);
    throw fileProblem(error) ?? error;
  }
}

export const restoreCommand = (): Command =>
  new Command("restore")
    .description("read a tenant's export or backup back into this process's region; run it again after a stop")
    .argument("<file>", "what `tenant export` or `tenant backup` wrote")
    .option("--anew", "drop what an unfinished restore of the tenant left, and begin with this file")
    .option("--take-over", "the tenant is gone for good in its home region: make this one its home")
    .option("--unsigned", "nobody can have changed the file, though no known key signed it")
    .option("--checkpoint-aside", "give up the audit checkpoint kept here, which tells of another log than the file's")
    .option("--json", "as JSON: {tenant, nodes, edges, sha256}")
    .action((file: string, options: RestoreOptions) =>
      withServices(async (services) => {
        const [{ restoreExport }, { checkExport }, { keysOf }] = await Promise.all([
          import("../domains/tenant/restoring.service.js"),
          import("../tenancy/export-file.js"),
          import("../audit/sealer.js"),
        ]);
        const path = resolve(file);
        const unsigned = options.unsigned === true;
        const checked = await checkExport(path, keysOf(services.audit!), { unsigned }).catch((error: unknown) => {
          throw fileProblem(error) ?? error;
        });
        if (checked.signedBy === null) say("nobody known signed the file; that stands in the audit");
        const progress = restoreProgress();
        await restoreExport(services, path, checked, {
          reason: ["tenant restore", ...CHOICES.flatMap(([name, flag]) => (options[name] ? [flag] : []))].join(" "),
          anew: options.anew === true,
          takeOver: options.takeOver === true,
          checkpointAside: options.checkpointAside === true,
          progress: progress.show,
          operationId: (part) => `${part}/${ulid()}`,
        }).catch(toCliError);
        progress.end();
        const { tenantId, nodes, edges, sha256 } = checked;
        say(`restored tenant ${tenantId}: ${nodes} nodes, ${edges} edges, compared with the file`);
        print(options.json ? JSON.stringify({ tenant: tenantId, nodes, edges, sha256 }) : tenantId);
      }),
    );

/** What somebody at this machine answers for: it stands in the audit, the tenant's and the platform's, with the reason. */
const CHOICES = [
  ["anew", "--anew"],
  ["takeOver", "--take-over"],
  ["unsigned", "--unsigned"],
  ["checkpointAside", "--checkpoint-aside"],
] as const;
type RestoreOptions = { readonly [name in (typeof CHOICES)[number][0] | "json"]?: true };

export function restoreProgress() {
  const line = progressLine();
  return {
    show: ({ done, total }: { done: number; total: number }) => line.show(`restoring: ${done} of ${total} steps`),
    end: () => line.end(),
  };
}

/** What refused a restore or a move, as the shell is told it. */
export async function toCliError(error: unknown): Promise<never> {
  const { Refusal } = await import("../commands/problem.js");
  throw error instanceof Refusal ? refused(error.problems) : error;
}
