import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildSchema, getNamedType, isInterfaceType, isObjectType, type GraphQLField } from "graphql";
import { describe, expect, it } from "vitest";
import { printContract } from "../../server/graphql/schema.js";

/* Every read of content takes the instant to answer for and says for which one it answered. */

/** Reads that are about now, each with the reason: what they tell has no history that could be asked for. */
const ABOUT_NOW: Readonly<Record<string, string>> = {
  viewer: "says whom the request's own token speaks for",
  accessTokens: "a token is good or it isn't; what was done to it stands in the audit",
  webhooks: "an address is called now or it isn't; what was changed of it stands in the audit",
  webhookDeliveries: "attempts under way, kept for some days",
  inboundEvents: "what came in, as it was received; it never changes",
  jobs: "what runs, and when it will next",
  jobRuns: "runs under way, and those of the past as they ended",
  governanceRules: "the rules in words, which come with the version that runs",
  flows: "what this installation can run; a run keeps to the flow that it was started with",
  completeSelection: "helps to write a question, and is asked at every key",
  watches: "a node is watched or it isn't",
  alerts: "what was told to one person, and whether they have seen it",
  investigations: "drafts of a person, which carry the instant that they look at",
  investigation: "the same: each of its versions is kept, and it carries the instant that it looks at",
  policyTest: "answers a made-up question without reading anything",
  linkHealth: "what the last look at an address found; what it led to stands in the source's history",
  verifyAudit: "holds the log as it is now against what was signed",
};

const takes = ({ args }: GraphQLField<unknown, unknown>, name: string): boolean =>
  args.some((arg) => arg.name === name && getNamedType(arg.type).name === "DateTime");

function says(field: GraphQLField<unknown, unknown>, name: string): boolean {
  const type = getNamedType(field.type);
  return (isObjectType(type) || isInterfaceType(type)) && String(type.getFields()[name]?.type) === "DateTime!";
}

/** A read answers for one instant, or for two that it compares. */
const INSTANTS = [["asOf"], ["from", "to"]] as const;

/** What is wrong with the reads of a schema; empty when nothing is. */
function problemsOf(sdl: string, aboutNow: Readonly<Record<string, string>>): string[] {
  const reads = Object.values(buildSchema(sdl).getQueryType()!.getFields());
  const names = new Set(reads.map(({ name }) => name));
  return [
    ...Object.keys(aboutNow).flatMap((name) => (names.has(name) ? [] : [`${name} is about now and isn't there`])),
    ...reads.flatMap((read) => {
      const timed = INSTANTS.find((instants) => instants.some((name) => takes(read, name)));
      if (read.name in aboutNow) return timed === undefined ? [] : [`${read.name} is about now and takes an instant`];
      if (timed === undefined) return [`${read.name} takes no instant to answer for`];
      return [
        ...timed.filter((name) => !takes(read, name)).map((name) => `${read.name} takes no ${name}`),
        ...timed.filter((name) => !says(read, name)).map((name) => `${read.name} doesn't say its ${name}`),
      ];
    }),
  ];
}

describe("the reads of the schema", () => {
  it("take the instant to answer for, and say for which they answered", () => {
    expect(problemsOf(printContract(), ABOUT_NOW)).toEqual([]);
  });

  it("of now are listed, each with a reason", () => {
    for (const [name, reason] of Object.entries(ABOUT_NOW)) expect(reason.length, name).toBeGreaterThan(20);
  });
});

describe("the instant that a caller gives", () => {
  it("is judged in one place, which refuses the future", async () => {
    const server = join(import.meta.dirname, "../../server");
    const files = (await readdir(server, { recursive: true })).filter((name) => name.endsWith(".ts"));
    const texts = await Promise.all(files.map((name) => readFile(join(server, name), "utf8")));
    const besides = files.filter((_, i) => /(?<!cursor\?\.)\b(asOf|given) \?\? context\.now/.test(texts[i]!));
    expect(besides, "use instantOf of server/graphql/instant.ts").toEqual([]);
  });
});

describe("the check itself", () => {
  const node =
    "interface Node { id: ID! } scalar DateTime type Page { asOf: DateTime! } type Two { from: DateTime! to: DateTime! }";
  it.each([
    ["type Query { claims: Page! }", "claims takes no instant to answer for"],
    ["type Query { claims(asOf: String): Page! }", "claims takes no instant to answer for"],
    ["type Query { claim(asOf: DateTime): Node }", "claim doesn't say its asOf"],
    ["type Query { claims(asOf: DateTime): [Node!]! }", "claims doesn't say its asOf"],
    ["type Query { diff(from: DateTime!): Two! }", "diff takes no to"],
    ["type Query { diff(from: DateTime!, to: DateTime!): Page! }", "diff doesn't say its from"],
    ["type Query { jobs(asOf: DateTime): Page! }", "jobs is about now and takes an instant"],
    ["type Query { claims(asOf: DateTime): Page! }", "jobs is about now and isn't there"],
  ])("finds what is wrong with %s", (query, problem) => {
    expect(problemsOf(`${node} ${query}`, { jobs: "a reason" })).toContain(problem);
  });

  it("finds nothing wrong with a read of one instant, and with one of two", () => {
    const good = "type Query { jobs: Node claims(asOf: DateTime): Page! diff(from: DateTime!, to: DateTime!): Two! }";
    expect(problemsOf(`${node} ${good}`, { jobs: "a reason" })).toEqual([]);
  });
});
