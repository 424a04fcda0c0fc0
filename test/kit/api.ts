import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino, type Logger } from "pino";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { loadConfig } from "../../server/config.js";
import { loadOrCreateKeys, type Keys } from "../../server/identity/keys.js";
import { formatSignInLink } from "../../server/identity/sign-in-link.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startServer } from "../../server/main.js";
import { openServices, type Services } from "../../server/services.js";
import { testGraph } from "./graph.js";
import { projectRoot } from "./project-root.js";

export interface GraphQLAnswer {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of any shape
  readonly data: any;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: { code: string; field?: string; correlationId?: string };
  }[];
}

export interface TestApi {
  readonly url: string;
  readonly home: string;
  readonly keys: Keys;
  readonly services: Services;
  token(tenantId: string, ...roles: Role[]): Promise<string>;
  signInLink(tenantId: string, role: Role): string;
  /** One GraphQL document as somebody of the tenant with these roles; analyst by default. */
  ask(tenantId: string, query: string, variables?: object, roles?: Role[]): Promise<GraphQLAnswer>;
  close(): Promise<void>;
}

/** The real server, over HTTP, on a port of its own. */
export async function startApi(
  environment: Record<string, string> = {},
  options: { presenceMs?: number; log?: Logger } = {},
): Promise<TestApi> {
  const home = await mkdtemp(join(tmpdir(), "throughline-api-"));
  const config = loadConfig({ THROUGHLINE_HOME: home, THROUGHLINE_LOG_LEVEL: "info", ...environment }, projectRoot);
  const services = await openServices(testGraph(), config, options.log ?? pino({ level: "silent" }));
  const server = await startServer({ config, services, projectRoot, port: 0, ...options });
  const keys = await loadOrCreateKeys(home);
  const token = (tenantId: string, ...roles: Role[]) =>
    issueToken(keys, { actor: "tester", name: "Tess Tester", tenantId, roles, region: config.region }, 600);
  return {
    url: server.url,
    home,
    keys,
    services,
    token,
    signInLink: (tenantId, role) =>
      `${server.url}/sign-in?link=${formatSignInLink(keys.linkSecret, { tenantId, role, expiresAt: Date.now() / 1000 + 600 })}`,
    async ask(tenantId, query, variables = {}, roles = ["analyst"]) {
      const answer = await fetch(`${server.url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${await token(tenantId, ...roles)}` },
        body: JSON.stringify({ query, variables }),
      });
      return (await answer.json()) as GraphQLAnswer;
    },
    async close() {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
