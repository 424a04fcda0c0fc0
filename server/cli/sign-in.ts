import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import { systemCaller } from "../commands/caller.js";
import type { Config } from "../config.js";
import { registerPrincipal } from "../domains/principal/principal.service.js";
import { loadOrCreateKeys } from "../identity/keys.js";
import { formatSignInLink, linkIdentity } from "../identity/sign-in-link.js";
import { configuredSecrets } from "../secrets/configured.js";
import type { Services } from "../services.js";
import { refused } from "./refused.js";
import { LINK_HOURS } from "./up-report.js";

export const DEMO_TENANT = "demo";

export interface SignInLink {
  readonly role: Role;
  readonly link: string;
}

export interface SignInLinks {
  readonly tenantId: string;
  readonly links: readonly SignInLink[];
}

/** One link for each role into the demo studio, or the first tenant where there is none; undefined without any tenant. */
export async function signInLinks(options: {
  config: Config;
  url: string;
  services: Services;
}): Promise<SignInLinks | undefined> {
  const { config, url, services } = options;
  const tenants = await services.tenants();
  const tenant = tenants.find(({ id }) => id === DEMO_TENANT) ?? tenants[0];
  if (tenant === undefined) return undefined;
  const keys = await loadOrCreateKeys(config.home, configuredSecrets(config));
  const links: SignInLink[] = [];
  for (const role of ROLES) {
    const { actor, name } = linkIdentity({ tenantId: tenant.id, role }, tenant.region);
    const executed = await services.execute(registerPrincipal, systemCaller(tenant.id), {
      key: actor,
      name,
      kind: role === "agent" ? "AGENT" : "HUMAN",
      roles: [role],
      operationId: `cli/principal/${actor}`,
      reason: "sign-in link for a role",
    });
    if (!executed.ok) throw refused(executed.problems);
    const link = formatSignInLink(keys.linkSecret, {
      tenantId: tenant.id,
      role,
      expiresAt: Date.now() / 1000 + LINK_HOURS * 3_600,
    });
    links.push({ role, link: `${url}/sign-in?link=${link}` });
  }
  return { tenantId: tenant.id, links };
}
