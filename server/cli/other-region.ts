import { ulid } from "ulid";
import type { Config } from "../config.js";
import { errorMessage } from "../errors.js";
import type { Services } from "../services.js";
import type { Regions } from "../tenancy/regions.js";
import { CliError } from "./exit.js";
import { say } from "./output.js";
import { cliConfig } from "./project.js";

/** Runs `work` with the services of another region's database, which must be at the same migrations as ours. */
export async function inRegion<T>(
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

/**
 * Drops what moves that were called off brought of a tenant to other regions, where it stays shut: in `only` that one, else in each
 * that there is. Says of every one that can't be reached that it may still be there, and what to do.
 */
export async function dropArrivals(services: Services, id: string, remedy: string, only?: string): Promise<void> {
  const config = cliConfig();
  const [{ loadRegions }, { dropArrival }] = await Promise.all([
    import("../tenancy/regions.js"),
    import("../domains/tenant/restoring.service.js"),
  ]);
  const regions = await loadRegions(config);
  const others = Object.keys(regions ?? {}).filter((name) => name !== config.region && (only ?? name) === name);
  if (only !== undefined && others.length === 0)
    say(`what the move brought to ${only} may still be there, shut: regions.yaml has no such region; ${remedy}`);
  for (const region of others) {
    const told = { from: config.region, reason: "its move was called off", operationId: `move/called-off/${ulid()}` };
    try {
      const dropped = await inRegion(config, regions!, region, services, (there) => dropArrival(there, id, told));
      if (dropped !== null) say(`dropped what a move had brought to ${region}, shut: ${dropped} nodes`);
    } catch (error) {
      say(
        `what a move may have brought to ${region} is still there, shut, as ${region} can't be reached: ${errorMessage(error)} ${remedy}`,
      );
    }
  }
}
