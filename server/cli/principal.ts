import type { PRINCIPAL_KINDS, Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller } from "../commands/caller.js";
import { wasDone, type Problem } from "../commands/problem.js";
import { registerPlatformPrincipal, registerPrincipal } from "../domains/principal/principal.service.js";
import { SYSTEM_TENANT } from "../graph/graph.js";
import type { Services } from "../services.js";

interface OwnPrincipal {
  readonly tenantId: string;
  /** Of the tenant; the platform's own people are of the region of this process. */
  readonly region: string;
  readonly key: string;
  readonly name: string;
  readonly kind: (typeof PRINCIPAL_KINDS)[number];
  readonly roles: readonly Role[];
  readonly reason: string;
}

/**
 * Makes a principal of the installation's own stand: registers it once, by an operation that is the same each time. Answers why that
 * was refused; nothing when it stands.
 */
export async function ensurePrincipal(services: Services, own: OwnPrincipal): Promise<readonly Problem[]> {
  const { tenantId, region, key, name, kind, roles, reason } = own;
  const caller = systemCaller(tenantId);
  const input = { key, name, kind, operationId: `cli/principal/${key}`, reason };
  const executed =
    tenantId === SYSTEM_TENANT
      ? await services.execute(registerPlatformPrincipal, caller, { ...input, region })
      : await services.execute(registerPrincipal, caller, { ...input, roles });
  if (executed.ok) return [];
  return executed.problems.every(wasDone) ? [] : executed.problems;
}
