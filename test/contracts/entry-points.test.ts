import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { projectRoot } from "../kit/project-root.js";

/*
 * Every way into the graph is the command service. What opens a write transaction beside it is listed here with its reason,
 * and so is every HTTP route that takes something; what isn't on the list fails.
 */

const WRITERS: Readonly<Record<string, string>> = {
  "server/commands/execute.ts": "the command service itself, and the audit of its refusals",
  "server/audit/sealer.ts": "seals entries that commands wrote; changes no content",
  "server/tenancy/erase.ts":
    "deletes in batches what an approved command has erased, what moved away or was restored in vain, and nothing of any other tenant",
  "server/tenancy/restore.ts": "reads an export back in batches into a tenant that a command has put there, shut",
  "server/tenancy/move.ts": "shuts a tenant that a command has sent on its way, once it is whole where it goes",
  "server/jobs/lease.ts": "leases and runs: who works, not what is so",
  "server/jobs/pulse.ts": "the pulse of a job that beats within the minute: its run, in its lease",
  "server/webhooks/dispatch.ts": "hands events that commands wrote to the webhooks that want them",
  "server/webhooks/deliver.ts": "claims a delivery, and notes how it went",
  "server/domains/watch/raising.service.ts": "takes markers off events that concern no watch; alerts are a command's",
  "server/domains/tenant/usage.service.ts": "counts requests for the quota",
  "migrations/migrate.ts": "the ledger of migrations",
};

/** Routes that take something, and how each goes through the command service. */
const ROUTES: Readonly<Record<string, { readonly through: RegExp } | { readonly reason: string }>> = {
  "server/http/import.ts /import/claims": { through: /importClaims\(services/ },
  "server/http/import.ts /import/kpis": { through: /importKpis\(services/ },
  "server/http/import.ts /import/page": { through: /importPage\(services/ },
  "server/http/import.ts /import/feed": { through: /importFeed\(services/ },
  "server/http/webhooks.ts /webhooks/in/:tenant/:webhook": { through: /services\.execute\(|receive\w*\(/ },
  "server/http/export.ts /export/tenant": { through: /services\.execute\(exportTenant/ },
  "server/http/session.ts /sign-out": { reason: "clears the caller's own cookies" },
  "server/http/live.ts /graphql/stream": { reason: "answers subscriptions alone, which change nothing" },
  "server/http/app.ts /graphql": { through: /fastifyApolloHandler\(apollo/ },
};

const files = ["server", "jobs", "migrations", "seed"]
  .flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  )
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => ({ file, text: readFileSync(join(projectRoot, file), "utf8") }));

/** Whatever opens a write transaction: a `.write(` that is given a callback. */
const opensWrite = (text: string): boolean => /\.write\(\s*(?:[\w.]+|\{[^}]*\}),\s*(?:async )?\(tx\)/.test(text);

it("a write transaction is opened by the command service, or by what is listed with its reason", () => {
  const writers = files.filter(({ text }) => opensWrite(text)).map(({ file }) => file);
  expect(writers.toSorted()).toEqual(Object.keys(WRITERS).toSorted());
  // That the pattern finds what it is for.
  expect(opensWrite("await graph.write({ tenantId }, async (tx) => tx.run(query, {}))")).toBe(true);
  expect(opensWrite("await office.graph.write(scope, (tx) => tx.run(query, {}))")).toBe(true);
});

/** Hands a command to the service: `execute`, what payload.ts makes of it, or a function that gets services and caller, and no graph. */
const GIVES = /\b(?:mutate|perform|execute)(?:<[^(]*>)?\(|\w+\(context\.services, callerOf\(context\)/;

/** A piece of a file and the functions of the file that it calls, directly or through each other. */
function reached(text: string, body: string): string[] {
  const pieces = [body];
  const seen = new Set<string>();
  for (const piece of pieces) {
    for (const [, name] of piece.matchAll(/\b(?:this\.)?(\w+)\(/g)) {
      if (seen.has(name!)) continue;
      seen.add(name!);
      const found = new RegExp(`(?:function|const) ${name}\\b[\\s\\S]*?(?:\\n\\n|$)`).exec(text);
      if (found !== null) pieces.push(found[0]);
    }
  }
  return pieces;
}

it("a mutation's resolver gives a command, and reaches no graph that writes", () => {
  const resolvers = files.filter(({ file, text }) => file.endsWith(".resolver.ts") && text.includes("@Mutation("));
  expect(resolvers.length).toBeGreaterThan(10);
  for (const { file, text } of resolvers) {
    for (const mutation of text.split("@Mutation(").slice(1)) {
      // From its declaration to the next member's: what it gives the command service, by itself or by a function of its file.
      const body = mutation.split(/^ {2}@(?:Query|FieldResolver|Mutation)\(/m)[0]!;
      expect(
        reached(text, body).some((code) => GIVES.test(code)),
        `${file}: ${body.slice(0, 200)}`,
      ).toBe(true);
    }
    expect(text, file).not.toMatch(/\.write\(/);
  }
});

it("a route that takes something goes through the command service", () => {
  const found = files
    .filter(({ file }) => file.startsWith("server/http/"))
    .flatMap(({ file, text }) => [
      ...[...text.matchAll(/\b(?:app|routes)\.(?:post|put|patch|delete)\(\s*"([^"]+)"/g)].map(
        (match) => `${file} ${match[1]}`,
      ),
      ...[...text.matchAll(/url: "([^"]+)",\s*method: \[[^\]]*"POST"/g)].map((match) => `${file} ${match[1]}`),
    ]);
  expect(found.toSorted()).toEqual(Object.keys(ROUTES).toSorted());
  const around = Object.entries(ROUTES).filter(([route, rule]) => {
    const text = files.find(({ file }) => file === route.split(" ")[0])!.text;
    return "through" in rule && !rule.through.test(text);
  });
  expect(around.map(([route]) => route)).toEqual([]);
});

it("a job calls services, and opens no transaction of its own", () => {
  const jobs = files.filter(({ file }) => file.endsWith(".job.ts"));
  expect(jobs.length).toBeGreaterThan(0);
  for (const { file, text } of jobs) {
    expect(text, file).toMatch(/tick\.services\.\w+/);
    expect(text, file).not.toMatch(/\.graph\b|\.write\(/);
  }
});
