import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { baseOf, fileAt, filesAt, unannounced } from "./breaking-changes.js";

const project = join(import.meta.dirname, "../..");
const SCHEMA = "server/graphql/schema.graphql";
const RECORDS = "docs/adr";

const base = existsSync(join(project, ".git")) ? baseOf(project) : null;

/** A text that never was a schema promised nothing to anybody. */
function wasContract(sdl: string | null): sdl is string {
  if (sdl === null) return false;
  try {
    buildSchema(sdl);
    return true;
  } catch {
    return false;
  }
}

describe("the public schema", () => {
  it.skipIf(base === null)("breaks nothing that main promises, unless a new decision record quotes the change", () => {
    const before = fileAt(project, base ?? "", SCHEMA);
    const old = new Set(filesAt(project, base ?? "", RECORDS));
    const fresh = readdirSync(join(project, RECORDS))
      .map((name) => `${RECORDS}/${name}`)
      .filter((path) => path.endsWith(".md") && !old.has(path))
      .map((path) => readFileSync(join(project, path), "utf8"));
    const after = readFileSync(join(project, SCHEMA), "utf8");
    expect(wasContract(before) ? unannounced(before, after, fresh) : []).toEqual([]);
  });
});

describe("unannounced changes", () => {
  const before = `
    enum Stance { SUPPORTS CONTRADICTS }
    type Claim { id: ID! text: String! }
    type Query { claim(id: ID!): Claim stance: Stance }
  `;

  it.each([
    ["a field that goes", before.replace("text: String!", ""), "Claim.text was removed."],
    [
      "a field that may now be null",
      before.replace("String!", "String"),
      "Claim.text changed type from String! to String.",
    ],
    ["a value that goes", before.replace("CONTRADICTS", ""), "CONTRADICTS was removed from enum type Stance."],
    [
      "an argument that becomes required",
      before.replace("claim(id: ID!)", "claim(id: ID!, asOf: String!)"),
      "A required arg asOf on Query.claim was added.",
    ],
  ])("are found: %s", (_, after, description) => {
    expect(unannounced(before, after, [])).toEqual([description]);
    expect(unannounced(before, after, ["# Something else\n"])).toEqual([description]);
    expect(unannounced(before, after, [`# Why\n\n- ${description}\n`])).toEqual([]);
  });

  it("are not what only adds", () => {
    const after = before
      .replace("text: String!", "text: String! title: String!")
      .replace("SUPPORTS", "SUPPORTS CONSIDERED");
    expect(unannounced(before, after, [])).toEqual([]);
  });
});
