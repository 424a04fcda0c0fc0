import { randomBytes } from "node:crypto";
import neo4j, { type Driver } from "neo4j-driver";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { PASSWORD_MS } from "../../server/graph/credentials.js";
import { openGraph, type Graph } from "../../server/graph/graph.js";
import { defineQuery, params } from "../../server/graph/query.js";

const one = defineQuery({
  name: "testOne",
  mode: "read",
  scope: "platform",
  params: params<Record<string, never>>(),
  cypher: "RETURN 1 AS one",
  row: z.object({ one: z.number() }),
});

describe("the database's password", () => {
  const user = `rotating${randomBytes(6).toString("hex")}`;
  const passwords = [0, 1].map(() => randomBytes(12).toString("hex"));
  let admin: Driver;
  let graph: Graph;
  let asked = 0;
  let current = passwords[0]!;
  const command = (cypher: string, password: string) =>
    admin.executeQuery(cypher, { user, password }, { database: "system" });

  beforeAll(async () => {
    const { uri, user: owner, password } = inject("database");
    admin = neo4j.driver(uri, neo4j.auth.basic(owner, String(password)));
    await command("CREATE USER $user SET PASSWORD $password CHANGE NOT REQUIRED", passwords[0]!);
    graph = openGraph({ uri, user, password: async () => (asked++, current) });
  });
  afterAll(async () => {
    await graph?.close();
    await command("DROP USER $user IF EXISTS", "");
    await admin.close();
  });

  it("is looked up again after a while: a rotation needs no restart", async () => {
    expect(await graph.read({ tenantId: "system" }, one, {})).toEqual([{ one: 1 }]);
    expect(asked).toBe(1);
    await command("ALTER USER $user SET PASSWORD $password CHANGE NOT REQUIRED", passwords[1]!);
    current = passwords[1]!;
    await new Promise((resolve) => setTimeout(resolve, PASSWORD_MS));
    // More than the one connection that was let in with the old password.
    const many = await Promise.all(Array.from({ length: 20 }, () => graph.read({ tenantId: "system" }, one, {})));
    expect(many).toHaveLength(20);
    expect(asked).toBeGreaterThan(1);
    await graph.ping();
  });
});
