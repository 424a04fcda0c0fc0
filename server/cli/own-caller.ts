import type { Role } from "../../graph-schema/nodes/principal.js";
import type { Caller } from "../commands/caller.js";
import type { Services } from "../services.js";
import { CliError } from "./exit.js";
import { ensurePrincipal } from "./principal.js";
import { refused } from "./refused.js";

/** Somebody of the installation's own in a tenant, registered on first use, to give commands as. */
export async function ownCaller(services: Services, { tenantId, key, name, kind, roles }: OwnCaller): Promise<Caller> {
  const tenant = (await services.tenants()).find(({ id }) => id === tenantId);
  if (tenant === undefined) throw new CliError(`There is no tenant ${tenantId}; see \`./throughline tenant list\`.`);
  const { region } = tenant;
  const own = { tenantId, region, key, name, kind, roles, reason: "acts on the command line" };
  const problems = await ensurePrincipal(services, own);
  if (problems.length > 0) throw refused(problems);
  return { tenantId, actor: key, name, roles, region };
}

interface OwnCaller {
  readonly tenantId: string;
  /** Begins with `cli.`, as only this process names its own; the same key always comes with the same name, kind and roles. */
  readonly key: string;
  readonly kind: "HUMAN" | "SERVICE";
  /** For people to read. */
  readonly name: string;
  readonly roles: readonly Role[];
}
