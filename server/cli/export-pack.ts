import { resolve } from "node:path";
import { Readable } from "node:stream";
import { Command } from "commander";
import { ulid } from "ulid";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import type { Services } from "../services.js";
import { CliError, usageError } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";
import { saveWhole } from "./save-whole.js";

interface Options {
  readonly tenant: string;
  readonly out: string;
  readonly asOf?: string;
  readonly without?: readonly string[];
}

export const packCommand = (): Command =>
  new Command("pack")
    .description(
      "what an episode was published on, as a signed file that docs/verify-pack.mjs verifies; stands in the audit",
    )
    .argument("<episode>", "the episode, such as Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1")
    .requiredOption("--tenant <id>", "whose episode it is")
    .requiredOption("--out <file>", "written whole or not at all; replaces what is there")
    .option("--as-of <instant>", "the pack of this recorded instant, such as 2026-11-21T09:00:00Z (default: the last)")
    .option("--without <id...>", "items to take out; the rest still verifies")
    .action(async (episode: string, options: Options) => {
      const { withDatabase } = await import("./running.js");
      await withDatabase(cliConfig(), (services) => exportPack(services, episode, options));
    });

/** Writes the file, once the audit has that it leaves. */
async function exportPack(services: Services, episode: string, options: Options): Promise<void> {
  const key = parseNodeId(episode);
  if (key?.label !== "Episode")
    throw usageError(`${episode} isn't the id of an episode, which looks like Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1`);
  const asOf = options.asOf === undefined ? FOREVER - 1 : Date.parse(options.asOf);
  if (Number.isNaN(asOf)) throw usageError(`--as-of ${options.asOf} is no instant, such as 2026-11-21T09:00:00Z`);
  const [{ keptPack }, { packFile }, { exportPack: note }, { givenBy }, { ownCaller }] = await Promise.all([
    import("../reads/evidence-pack/evidence-pack.query.js"),
    import("../domains/proposal/pack.js"),
    import("../domains/export/export.service.js"),
    import("../commands/own-operation.js"),
    import("./own-caller.js"),
  ]);
  const { tenant, without = [] } = options;
  const kept = await keptPack(services.graph, { tenantId: tenant }, { id: key.id, asOf });
  if (kept === undefined)
    throw new CliError(
      `${episode} has no evidence pack${options.asOf === undefined ? "" : " of that instant"} in tenant ${tenant}: it is frozen when an episode is published.`,
    );
  const { audit } = services;
  if (audit === undefined) throw new CliError("There is no audit key here to sign the pack with.");
  // Judged before the audit tells of it: what was altered, or names an item that isn't there, leaves nothing.
  const file = await packFile(kept, audit.signer, without);
  const own = {
    key: "cli.export-pack",
    name: "Command line (export pack)",
    kind: "SERVICE",
    roles: ["auditor"],
  } as const;
  const auditor = await ownCaller(services, { tenantId: tenant, ...own });
  const executed = await services.execute(givenBy("cli", note), auditor, {
    episodeId: episode,
    packSha256: kept.sha256,
    without,
    operationId: `cli/pack/${ulid()}`,
    reason: "export pack",
  });
  if (!executed.ok) throw refused(executed.problems);
  await saveWhole(Readable.from([file]), resolve(options.out));
  say(`exported the pack of ${episode}; verify it with a key that was kept elsewhere (\`./throughline audit key\`):`);
  say(`  node docs/verify-pack.mjs ${options.out} --key KEY`);
  print(kept.sha256);
}
