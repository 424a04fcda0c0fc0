import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { getNamedType, isInputObjectType, type GraphQLInputType, type GraphQLObjectType } from "graphql";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { RESERVED_ACTORS, seedCaller } from "../../server/commands/caller.js";
import { execute } from "../../server/commands/execute.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { buildSchema } from "../../server/graphql/schema.js";
import { issueToken } from "../../server/identity/tokens.js";
import { startApi, type TestApi } from "../kit/api.js";
import { nodeNow } from "../kit/approvals.js";
import { testOffice } from "../kit/office.js";
import { projectRoot } from "../kit/project-root.js";
import { recordsOfOperation } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

/* What only this process can do, and that nothing but an approved proposal sets an episode's status. */

const now = (): number => Math.floor(Date.now() / 1000);

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

describe("an episode's status", () => {
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
    expect(made.ok && (await nodeNow(t, "Episode", made.result.episodeId)).status).toBe("DRAFT");
  });

  it("stands in no other command's source, and an episode is revised in one file", async () => {
    const writes = ["server/commands", "server/domains", "server/imports"];
    expect(await filesWith(/presentNode\(tx, "Episode"|reviseQueries(?:\.|\[")Episode/, "server")).toEqual([
      "server/domains/episode/publish.service.ts",
      // Reads the title of what is finished.
      "server/domains/post-production/post-production.service.ts",
    ]);
    // The actions say where an episode must stand, the filter and the type name statuses for the API; what falls with a source is looked for in what is live.
    expect(await filesWith(/"PUBLISHED"|EPISODE_STATUSES|LIVE_STATUSES/, ...writes)).toEqual([
      "server/domains/correction/fall.service.ts",
      "server/domains/episode/episode.resolver.ts",
      "server/domains/episode/episode.type.ts",
      "server/domains/episode/publish.service.ts",
      "server/domains/proposal/actions.ts",
      "server/domains/snapshot/quote-gone.service.ts",
    ]);
    // What changes it without being judged shows only that it waits; it is given to the proposals' own code.
    expect(await filesWith(/\bsetStatus\b/, "server", "seed")).toEqual([
      "server/domains/episode/publish.service.ts",
      "server/domains/proposal/actions.ts",
    ]);
    expect(await filesWith(/label: "Episode", id: newId\(\)/, "server")).toEqual([
      "server/domains/episode/episode.service.ts",
    ]);
    // No query text of its own touches an episode's properties.
    expect(
      await filesWith(/SET (?:e|episode)\.|MERGE \(\w*:Episode|CREATE \(\w*:Episode/, "server", "migrations"),
    ).toEqual([]);
  });

  it("is no input of any mutation, and no mutation runs what can't be taken back", () => {
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
    const final = mutations.filter(({ name }) =>
      /seed|publish(?!Spec)|retract|correct(?!ionTask)|grantExemption|erase/i.test(name),
    );
    // One that sounds so answers with a proposal, for others to approve.
    const proposes = ({ type }: (typeof mutations)[number]) =>
      "proposal" in (getNamedType(type) as GraphQLObjectType).getFields();
    expect(final.filter((mutation) => !proposes(mutation)).map(({ name }) => name)).toEqual([]);
  });

  it("is given to the seed's own name only where the seed is", async () => {
    expect(await filesWith(/internal: "seed"/, "server", "seed", "migrations")).toEqual(["server/commands/caller.ts"]);
    expect(await filesWith(/\bseedCaller\b/, "server", "seed", "migrations")).toEqual([
      "server/commands/caller.ts",
      "server/services.ts",
    ]);
    expect(await filesWith(/\bCALLERS\.seed\b/, "server", "seed", "migrations")).toEqual(["seed/seed.ts"]);
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
