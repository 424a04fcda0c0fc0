import { Command, InvalidArgumentError } from "commander";
import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import type { Config } from "../config.js";
import { systemCaller } from "../commands/caller.js";
import { registerPrincipal } from "../domains/principal/principal.service.js";
import { loadOrCreateKeys } from "../identity/keys.js";
import { issueToken } from "../identity/tokens.js";
import type { Services } from "../services.js";
import { CliError } from "./exit.js";
import { print } from "./output.js";
import { cliConfig } from "./project.js";
import { withDatabase } from "./running.js";
import { refused } from "./tenant.js";

const HOUR_S = 3_600;

export const tokenCommand = (): Command =>
  new Command("token")
    .description("print a token for the API, and nothing else")
    .requiredOption("--tenant <id>", "whose data it opens")
    .requiredOption("--roles <roles>", `comma-separated: ${ROLES.join(", ")}`, parseRoles)
    .option("--hours <n>", "how long it is good for", parseHours, 24)
    .action(async (options: { tenant: string; roles: readonly Role[]; hours: number }) => {
      const config = cliConfig();
      print(
        await withDatabase(config, (services) =>
          apiToken({
            config,
            services,
            tenantId: options.tenant,
            roles: options.roles,
            ttlSeconds: options.hours * HOUR_S,
          }),
        ),
      );
    });

interface TokenRequest {
  readonly config: Config;
  readonly services: Services;
  readonly tenantId: string;
  readonly roles: readonly Role[];
  readonly ttlSeconds: number;
}

/** A token of the command line's own service principal, one for each set of roles, so that the audit tells them apart. */
export async function apiToken(request: TokenRequest): Promise<string> {
  const { config, services, tenantId, roles, ttlSeconds } = request;
  const tenant = (await services.tenants()).find((candidate) => candidate.id === tenantId);
  if (tenant === undefined) throw new CliError(`There is no tenant ${tenantId}; see \`./throughline tenant list\`.`);
  const key = principalKey(roles);
  const name = `Command line (${roles.join(", ")})`;
  const executed = await services.execute(registerPrincipal, systemCaller(tenantId), {
    key,
    name,
    kind: "SERVICE",
    roles,
    // The same for the same principal, so that a second token changes nothing.
    operationId: `cli/principal/${key}`,
    reason: "token for the command line",
  });
  if (!executed.ok) throw refused(executed.problems);
  return issueToken(
    await loadOrCreateKeys(config.home),
    { actor: key, name, tenantId, roles, region: tenant.region },
    "throughline-api",
    ttlSeconds,
  );
}

/** Roles in their own order; all of them would be longer than a key may be, so each is known by its place. */
function principalKey(roles: readonly Role[]): string {
  const [only] = roles;
  if (roles.length === 1 && only !== undefined) return `cli.${only}`;
  return `cli.roles-${roles.map((role) => ROLES.indexOf(role)).join(".")}`;
}

export function parseRoles(text: string): readonly Role[] {
  const asked = new Set(text.split(",").map((role) => role.trim()));
  const unknown = [...asked].filter((role) => !ROLES.some((known) => known === role));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `Unknown: ${unknown.map((role) => JSON.stringify(role)).join(", ")}. Roles are ${ROLES.join(", ")}.`,
    );
  return ROLES.filter((role) => asked.has(role));
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (!Number.isFinite(hours) || hours <= 0 || hours > 24 * 366)
    throw new InvalidArgumentError("Expected hours, more than 0 and at most 8784.");
  return hours;
}
