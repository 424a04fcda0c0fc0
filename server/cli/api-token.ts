import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import type { Config } from "../config.js";
import { SYSTEM_TENANT } from "../graph/graph.js";
import { loadOrCreateKeys } from "../identity/keys.js";
import { issueToken } from "../identity/tokens.js";
import { configuredSecrets } from "../secrets/configured.js";
import type { Services } from "../services.js";
import { CliError, EXIT } from "./exit.js";
import { ensurePrincipal } from "./principal.js";
import { refused } from "./refused.js";

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
  const platform = tenantId === SYSTEM_TENANT;
  if (platform && roles.join() !== "platform-admin")
    throw new CliError("The platform's own people are platform-admin and nothing else.", EXIT.usage);
  const region = platform ? config.region : await regionOf(services, tenantId);
  const key = principalKey(roles);
  const name = `Command line (${roles.join(", ")})`;
  const own = { tenantId, region, key, name, kind: "SERVICE", roles, reason: "token for the command line" } as const;
  const problems = await ensurePrincipal(services, own);
  if (problems.length > 0) throw refused(problems);
  const keys = await loadOrCreateKeys(config.home, configuredSecrets(config));
  return issueToken(keys, { actor: key, name, tenantId, roles, region }, ttlSeconds);
}

async function regionOf(services: Services, tenantId: string): Promise<string> {
  const tenant = (await services.tenants()).find((candidate) => candidate.id === tenantId);
  if (tenant === undefined) throw new CliError(`There is no tenant ${tenantId}; see \`./throughline tenant list\`.`);
  return tenant.region;
}

/** Roles in their own order; all of them would be longer than a key may be, so each is known by its place. */
function principalKey(roles: readonly Role[]): string {
  const [only] = roles;
  if (roles.length === 1 && only !== undefined) return `cli.${only}`;
  return `cli.roles-${roles.map((role) => ROLES.indexOf(role)).join(".")}`;
}
