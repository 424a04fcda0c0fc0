import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import type { Config } from "../config.js";
import { SYSTEM_TENANT } from "../graph/graph.js";
import { loadOrCreateKeys } from "../identity/keys.js";
import { formatSignInLink, linkIdentity } from "../identity/sign-in-link.js";
import { configuredSecrets } from "../secrets/configured.js";
import type { Services } from "../services.js";
import { ensurePrincipal } from "./principal.js";
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

/**
 * One link for each role into the demo studio, or the first tenant that can be entered where there is none, and platform-admin's into the
 * platform; undefined without any such tenant. A tenant that was suspended before its links were ever made has none until it is resumed.
 */
export async function signInLinks(options: {
  config: Config;
  url: string;
  services: Services;
}): Promise<SignInLinks | undefined> {
  const { config, url, services } = options;
  const tenants = await services.tenants();
  const active = tenants.filter(({ status }) => status === "ACTIVE");
  const open = active.length > 0 ? active : tenants.filter(({ status }) => status === "SUSPENDED");
  const tenant = open.find(({ id }) => id === DEMO_TENANT) ?? open[0];
  if (tenant === undefined) return undefined;
  const keys = await loadOrCreateKeys(config.home, configuredSecrets(config));
  const links: SignInLink[] = [];
  for (const role of ROLES) {
    // Whoever keeps the platform belongs to it, and to no studio.
    const platform = role === "platform-admin";
    const { id: tenantId, region } = platform ? { id: SYSTEM_TENANT, region: config.region } : tenant;
    const { actor: key, name } = linkIdentity({ tenantId, role }, region);
    const kind = role === "agent" ? "AGENT" : "HUMAN";
    const own = { tenantId, region, key, name, kind, roles: [role], reason: "sign-in link for a role" } as const;
    const problems = await ensurePrincipal(services, own);
    if (problems.some(({ code }) => code === "TENANT_SUSPENDED")) continue;
    if (problems.length > 0) throw refused(problems);
    const expiresAt = Date.now() / 1000 + LINK_HOURS * 3_600;
    links.push({
      role,
      link: `${url}/sign-in?link=${formatSignInLink(keys.linkSecret, { tenantId, role, expiresAt })}`,
    });
  }
  return { tenantId: tenant.id, links };
}
