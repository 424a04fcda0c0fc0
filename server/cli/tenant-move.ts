import { join } from "node:path";
import { Command } from "commander";
import type { Config } from "../config.js";
import type { Services } from "../services.js";
import type { Regions } from "../tenancy/regions.js";
import { CliError } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { restoreProgress, toCliError } from "./tenant-copy.js";
import { withServices } from "./tenant-state.js";

export const moveCommand = (): Command =>
  new Command("move")
    .description("move a tenant to another region; run it again after a stop, or call it off with `tenant resume`")
    .argument("<id>")
    .requiredOption("--to <region>", "one that the tenant allows and that stands in regions.yaml")
    .option("--json", "as JSON: {tenant, from, to, nodes, edges, sha256}")
    .action((id: string, { to, json }: { to: string; json?: true }) =>
      withServices(async (services) => {
        const config = cliConfig();
        const [{ carryOver }, { readMove }, { loadRegions }] = await Promise.all([
          import("../domains/tenant/move.service.js"),
          import("../tenancy/move.js"),
          import("../tenancy/regions.js"),
        ]);
        const here = await readMove(services.graph, id);
        if (here === undefined) throw new CliError(`There is no tenant ${id}.`);
        const regions = await loadRegions(config);
        const progress = restoreProgress();
        const go = (target: Services | null) =>
          carryOver({
            tenantId: id,
            from: { ...services, audit: services.audit! },
            to: target,
            region: to,
            path: join(config.home, "moves", `${id}.jsonl`),
            reason: "tenant move",
            told: say,
            progress: progress.show,
          });
        const goes = regions?.[to] !== undefined && to !== config.region && here.allowedRegions.includes(to);
        const moved = await (goes ? inRegion(config, regions!, to, services, go) : go(null)).catch(toCliError);
        progress.end();
        const counted = moved === null ? "" : `: ${moved.nodes} nodes, ${moved.edges} edges, compared`;
        say(`moved tenant ${id} from ${config.region} to ${to}${counted}; tokens and webhooks are made anew there`);
        print(json ? JSON.stringify({ tenant: id, from: config.region, to, ...moved }) : id);
      }),
    );

/** Runs `work` with the services of another region's database, which must be at the same migrations as ours. */
async function inRegion<T>(
  config: Config,
  regions: Regions,
  region: string,
  here: Services,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const [{ migrationsFolder }, { migrationState, readMigrations }, { openGraph }, secrets, { createServices }] =
    await Promise.all([
      import("./running.js"),
      import("../../migrations/migrate.js"),
      import("../graph/graph.js"),
      import("../secrets/configured.js"),
      import("../services.js"),
    ]);
  const own = here.audit!.signer.publicKey.toString("base64");
  if (!regions[config.region]!.auditKeys.includes(own))
    throw new CliError(
      `regions.yaml: auditKeys of ${config.region} must hold ${own}, or nobody in ${region} can tell that the audit log is genuine.`,
    );
  const { uri, user, database } = regions[region]!;
  const name = `neo4j-password-${region}`;
  const password = async () => (await secrets.configuredSecrets(config).get(name)) ?? "";
  if ((await password()) === "")
    throw new CliError(
      `The password of ${uri} is missing: set NEO4J_PASSWORD_${region.toUpperCase().replaceAll("-", "_")}, or put ${name} into THROUGHLINE_SECRETS_FOLDER.`,
    );
  const graph = openGraph({ uri, user, password, database, poolSize: 2 });
  try {
    await graph.ping();
    const state = await migrationState(graph, await readMigrations(migrationsFolder));
    if (state.problem !== null) throw new CliError(`${region}: ${state.problem}`);
    if (state.pending.length > 0) throw new CliError(`The database of ${region} isn't migrated to this version yet.`);
    // It is sealed by whoever has the region's key; here its log is only read.
    const audit = { ...here.audit!, graph };
    return await work(createServices({ graph, region, regions: Object.keys(regions), policy: here.policy, audit }));
  } finally {
    await graph.close();
  }
}
