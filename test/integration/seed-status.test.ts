import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { getNamedType, isInputObjectType, type GraphQLInputType } from "graphql";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { EPISODE_STATUSES } from "../../graph-schema/nodes/episode.js";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { RESERVED_ACTORS, seedCaller, systemCaller, type Caller } from "../../server/commands/caller.js";
import { execute } from "../../server/commands/execute.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { seedEpisodeStatus } from "../../server/domains/episode/seed-status.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { buildSchema } from "../../server/graphql/schema.js";
import { issueToken } from "../../server/identity/tokens.js";
import { nodesById } from "../../server/reads/node/node.query.js";
import { COMMANDS } from "../../server/services.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildEpisode } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { testOffice } from "../kit/office.js";
import { projectRoot } from "../kit/project-root.js";
import { recordsOfOperation } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/* Until episodes are published through review and approval, the demo studio's author alone can put one live. */

const now = (): number => Math.floor(Date.now() / 1000);
const publish = (episodeId: string) => ({
  operationId: operationId(),
  reason: "a test",
  episodeId,
  status: "PUBLISHED",
});

async function statusOf(t: TestTenant, episodeId: string): Promise<string | undefined> {
  const found = (await nodesById(testGraph(), t.scope, [parseNodeId(episodeId)!], Date.now() + 60_000)).get(episodeId);
  return found?.label === "Episode" ? found.status : undefined;
}

/** Names of source files under these folders, without tests, whose text has the words. */
async function filesWith(words: RegExp, ...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const name of await readdir(join(projectRoot, folder), { recursive: true })) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
      if (words.test(await readFile(join(projectRoot, folder, name), "utf8"))) found.push(`${folder}/${name}`);
    }
  }
  return found.sort();
}

describe("PUBLISHED", () => {
  it("is set by the seed", async () => {
    const t = await newTenant();
    const episodeId = await buildEpisode(t);
    expect(await statusOf(t, episodeId)).toBe("DRAFT");
    const input = publish(episodeId);
    expect(await execute(testOffice(), seedEpisodeStatus, seedCaller(t.id), input)).toMatchObject({ ok: true });
    expect(await statusOf(t, episodeId)).toBe("PUBLISHED");
    expect((await recordsOfOperation(t.scope, input.operationId)).audit).toMatchObject([
      { actor: "seed", outcome: "DONE" },
    ]);
  });

  it.each([
    ...ROLES.map((role): [string, (t: TestTenant) => Caller] => [`the role ${role}`, (t) => t.caller(role)]),
    ["all roles together", (t: TestTenant) => t.caller(...ROLES)],
    ["somebody who is only called seed", (t: TestTenant) => ({ ...t.caller(...ROLES), actor: "seed", name: "seed" })],
    ["the system", (t: TestTenant) => systemCaller(t.id)],
  ] as [string, (t: TestTenant) => Caller][])("isn't set by %s", async (_, who) => {
    const t = await newTenant();
    const episodeId = await buildEpisode(t);
    for (const status of EPISODE_STATUSES) {
      const input = { ...publish(episodeId), status };
      const answer = await execute(testOffice(), seedEpisodeStatus, who(t), input);
      expect(answer).toMatchObject({ ok: false, problems: [{ code: "FORBIDDEN" }] });
      const records = await recordsOfOperation(t.scope, input.operationId);
      expect(records).toMatchObject({
        operations: [],
        events: [],
        audit: [{ outcome: "REFUSED", capability: "episode.seed-status" }],
      });
    }
    expect(await statusOf(t, episodeId)).toBe("DRAFT");
  });

  it("is a capability of one command, and of no role", () => {
    const holders = Object.values(COMMANDS).filter((command) => command.capability === "episode.seed-status");
    expect(holders.map((command) => command.name)).toEqual(["seedEpisodeStatus"]);
  });

  it("isn't slipped in with a new episode, not even by the seed", async () => {
    const t = await newTenant();
    const input = {
      operationId: operationId(),
      reason: "a test",
      title: "Live at once",
      channelId: t.channelId,
      status: "PUBLISHED",
      publishedAt: Date.now(),
    };
    const made = await execute(testOffice(), createEpisode, seedCaller(t.id), input);
    expect(made.ok && (await statusOf(t, made.result.episodeId))).toBe("DRAFT");
  });

  it("stands in no other command's source, and an episode is revised in one file", async () => {
    const writes = ["server/commands", "server/domains", "server/imports"];
    // The list filters by them, the type names them for the API; only the seed's service takes one to set it.
    expect(await filesWith(/PUBLISHED|EPISODE_STATUSES|LIVE_STATUSES/, ...writes)).toEqual([
      "server/domains/episode/episode.resolver.ts",
      "server/domains/episode/episode.type.ts",
      "server/domains/episode/seed-status.service.ts",
    ]);
    expect(await filesWith(/presentNode\(tx, "Episode"|reviseQueries(?:\.|\[")Episode/, "server")).toEqual([
      "server/domains/episode/seed-status.service.ts",
    ]);
    expect(await filesWith(/label: "Episode", id: newId\(\)/, "server")).toEqual([
      "server/domains/episode/episode.service.ts",
    ]);
    // No query text of its own touches an episode's properties.
    expect(
      await filesWith(/SET (?:e|episode)\.|MERGE \(\w*:Episode|CREATE \(\w*:Episode/, "server", "migrations"),
    ).toEqual([]);
  });

  it("is given to the seed's own name only where the seed is", async () => {
    expect(await filesWith(/internal: "seed"/, "server", "seed", "migrations")).toEqual(["server/commands/caller.ts"]);
    expect(await filesWith(/\bseedCaller\b/, "server", "seed", "migrations")).toEqual([
      "server/commands/caller.ts",
      "server/services.ts",
    ]);
    expect(await filesWith(/\bCALLERS\.seed\b/, "server", "seed", "migrations")).toEqual(["seed/seed.ts"]);
    expect((await filesWith(/\bseedEpisodeStatus\b/, "server")).filter((file) => file.includes("resolver"))).toEqual(
      [],
    );
  });

  it("is no input of any mutation", () => {
    const mutations = Object.values(buildSchema().getMutationType()!.getFields());
    const typesIn = (type: GraphQLInputType): string[] => {
      const named = getNamedType(type);
      return isInputObjectType(named)
        ? [named.name, ...Object.values(named.getFields()).flatMap((field) => typesIn(field.type))]
        : [named.name];
    };
    expect(mutations.length).toBeGreaterThan(8);
    for (const mutation of mutations)
      expect(
        mutation.args.flatMap((arg) => typesIn(arg.type)),
        mutation.name,
      ).not.toContain("EpisodeStatus");
    expect(mutations.filter((mutation) => /seed|publish/i.test(mutation.name))).toEqual([]);
  });
});

describe("the names of this process", () => {
  let api: TestApi;
  let t: TestTenant;
  beforeAll(async () => {
    [api, t] = await Promise.all([startApi(), newTenant()]);
  });
  afterAll(() => api.close());

  const issue = (actor: string): Promise<string> =>
    issueToken(api.keys, { actor, name: actor, tenantId: t.id, roles: [...ROLES], region: "local" }, 600);
  const asking = (headers: Record<string, string>) =>
    fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query: "{ episodes { totalCount } }" }),
    }).then(async (answer) => ({
      status: answer.status,
      body: (await answer.json()) as { data?: object; errors?: { extensions: { code: string } }[] },
    }));

  it("open the door to others, so that what follows is about the name", async () => {
    const answer = await asking({ authorization: `Bearer ${await issue("ana")}` });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data).toEqual({ episodes: { totalCount: 0 } });
    expect((await asking({ cookie: `throughline_session=${await issue("ana")}` })).body.errors).toBeUndefined();
  });

  it.each(RESERVED_ACTORS)("are refused in a token: %s, as bearer, as cookie and at the import door", async (actor) => {
    const token = await issue(actor);
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `throughline_session=${token}` }]) {
      const { body } = await asking(headers as Record<string, string>);
      expect(body.errors?.map((error) => error.extensions.code)).toEqual(["UNAUTHENTICATED"]);
      expect(body.data ?? null).toBeNull();
    }
    const upload = await fetch(`${api.url}/import/claims`, {
      method: "POST",
      headers: {
        "content-type": "application/x-ndjson",
        authorization: `Bearer ${token}`,
        "idempotency-key": "0".repeat(64),
      },
      body: "{}\n",
    });
    expect(upload.status).toBe(401);
    expect(await upload.json()).toMatchObject({ error: { code: "UNAUTHENTICATED" } });
  });

  it("aren't taken from a claim of the token", async () => {
    const token = await new SignJWT({ name: "Ana", tenant: t.id, roles: [...ROLES], region: "local", internal: "seed" })
      .setProtectedHeader({ alg: "EdDSA" })
      .setSubject("ana")
      .setIssuer("throughline")
      .setAudience("throughline-api")
      .setIssuedAt(now())
      .setNotBefore(now())
      .setExpirationTime(now() + 600)
      .sign(api.keys.privateKey);
    // The token is good, and is Ana's; there is no mutation that could use what it claims beside that.
    const made = await fetch(`${api.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({
        query: `mutation ($input: CreateTopicInput!) { createTopic(input: $input) { operationId problems { code } } }`,
        variables: { input: { operationId: operationId(), reason: "a test", title: `Of Ana ${now()}` } },
      }),
    });
    const { data } = (await made.json()) as { data: { createTopic: { operationId: string; problems: object[] } } };
    expect(data.createTopic.problems).toEqual([]);
    expect((await recordsOfOperation(t.scope, data.createTopic.operationId)).audit).toMatchObject([{ actor: "ana" }]);
  });

  it("are nobody's to register", async () => {
    for (const key of RESERVED_ACTORS) {
      const input = {
        operationId: operationId(),
        reason: "a test",
        key,
        name: "Somebody",
        kind: "SERVICE",
        roles: ["agent"],
      };
      expect(await execute(testOffice(), registerPrincipal, t.caller("tenant-admin"), input)).toMatchObject({
        ok: false,
        problems: [{ code: "BAD_INPUT", path: "key" }],
      });
    }
  });
});
