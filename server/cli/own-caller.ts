import type { Role } from "../../graph-schema/nodes/principal.js";
import type { Caller } from "../commands/caller.js";
import type { Services } from "../services.js";
import { CliError } from "./exit.js";
import { ensurePrincipal } from "./principal.js";
import { refused } from "./refused.js";

/** Somebody of the installation's own in a tenant, registered on first use, to give commands as. */
export async function ownCaller(
  services: Services,
  { tenantId, name, roles, key = `cli.${roles.join(".")}` }: OwnCaller,
): Promise<Caller> {
  const tenant = (await services.tenants()).find(({ id }) => id === tenantId);
  if (tenant === undefined) throw new CliError(`There is no tenant ${tenantId}; see \`./throughline tenant list\`.`);
  const { region } = tenant;
  const own = { tenantId, region, key, name, kind: "SERVICE", roles, reason: "given on the command line" } as const;
  const problems = await ensurePrincipal(services, own);
  if (problems.length > 0) throw refused(problems);
  return { tenantId, actor: key, name, roles, region };
}

interface OwnCaller {
  readonly tenantId: string;
  /** For people to read. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly key?: string;
}
