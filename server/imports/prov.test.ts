import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environment } from "../../test/kit/env.js";
import { parseProvJsonld } from "./prov-jsonld.js";
import { parseProvJson, ProvError, RECORD_KINDS } from "./prov.js";

const folder = join(environment.data, "provenance");
const there = existsSync(folder);
// oxlint-disable-next-line no-console -- a skipped test says so
if (!there) console.warn(`SKIPPED: there are no PROV documents in ${folder}; THROUGHLINE_DATA says where they are`);

const read = (path: string) => readFileSync(join(folder, path), "utf8");

/** What a parser refuses a text for, by its own error; undefined when it was read. Whatever else is thrown is thrown on. */
function faultOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (error instanceof ProvError) return error.message;
    throw error;
  }
}

/** Records that a document has by plain counting: of each kind and id one, or as many as its list has; bundles too. */
function counted(document: Record<string, unknown>): number {
  let count = 0;
  for (const [name, content] of Object.entries(document)) {
    if (name === "prefix") continue;
    for (const one of Object.values(content as Record<string, unknown>))
      count += name === "bundle" ? counted(one as Record<string, unknown>) : Array.isArray(one) ? one.length : 1;
  }
  return count;
}

describe.skipIf(!there)("the public PROV-JSON documents", () => {
  const documents = there ? readdirSync(join(folder, "prov_json")) : [];
  const unification = there ? readdirSync(join(folder, "prov_unification")) : [];

  it("are read, every record of them, with all that it says", () => {
    expect(documents).toHaveLength(174);
    for (const name of [
      ...documents.map((n) => `prov_json/${n}`),
      ...unification.map((n) => `prov_unification/${n}`),
    ]) {
      const document = parseProvJson(read(name));
      const all = [document, ...document.bundles.values()].flatMap(({ statements }) => statements);
      expect(all.length, name).toBe(counted(JSON.parse(read(name)) as Record<string, unknown>));
      expect(document.prefixes.size, name).toBeGreaterThan(0);
    }
  });

  it("say what they say: types, languages, lists, records of the same id, members, mentions and bundles", () => {
    const values = (path: string) => parseProvJson(read(path)).statements[0]!.values;
    expect(values("prov_json/attr_activity0.json").get("prov:label")).toEqual([
      { text: "hello", type: null },
      { text: "bye", type: "prov:InternationalizedString", lang: "en" },
      { text: "bonjour", type: "prov:InternationalizedString", lang: "fr" },
    ]);
    expect(
      values("prov_json/member2.json")
        .get("prov:entity")
        ?.map(({ text }) => text),
    ).toEqual(["ex:e1", "ex:e2"]);
    const twice = parseProvJson(read("prov_json/scruffy-end1-M.json")).statements.filter(({ id }) => id === "ex:end1");
    expect(twice.map(({ kind }) => kind)).toEqual(["wasEndedBy", "wasEndedBy"]);
    expect(parseProvJson(read("prov_json/mention1.json")).statements[0]?.kind).toBe("mentionOf");
    expect([...parseProvJson(read("prov_json/bundle1.json")).bundles.keys()]).toEqual(["ex:bundle1", "ex:bundle2"]);
  });

  it("that are malformed are refused, each by its place and its fault", () => {
    const faults = Object.fromEntries(
      readdirSync(join(folder, "prov_malformed")).map((name) => [
        name,
        faultOf(() => parseProvJson(read(`prov_malformed/${name}`)))?.replace(/\(.*\)/, "(…)") ?? "was read",
      ]),
    );
    expect(faults).toEqual({
      "bad_bundle_shape.json": "bundle: expected an object, found a string",
      "bad_prefix_map.json": "prefix: expected an object, found a string",
      "bad_record_content.json": "entity.ex:e1: expected an object, found null",
      "bad_record_shape.json": "entity: expected an object, found a string",
      "bad_typed_literal.json": "entity.ex:e1.ex:attr: a typed value without `$`",
      "empty.json": "the file is empty",
      "not_json.json": "not JSON (…)",
      "top_level_list.json": "expected an object, found a list",
      "top_level_scalar.json": "expected an object, found a number",
      "unknown_record_type.json": "notarealtype: no kind of record that PROV-JSON knows",
    });
  });

  it("and PROV-JSONLD's own examples are read too", () => {
    for (const name of readdirSync(join(folder, "prov_jsonld"))) {
      const { statements } = parseProvJsonld(read(`prov_jsonld/${name}`));
      expect(statements.map(({ kind }) => kind).toSorted(), name).toEqual(
        [
          "activity",
          "agent",
          "entity",
          "entity",
          "used",
          "wasAssociatedWith",
          "wasDerivedFrom",
          "wasGeneratedBy",
        ].toSorted(),
      );
    }
  });
});

it("never fails in another way than by a ProvError, whatever stands in the text", () => {
  const parts = [
    "null",
    "1",
    '"x"',
    "[]",
    "{}",
    "[[]]",
    '{"$":null}',
    '{"$":{}}',
    '{"type":"x"}',
    "[null]",
    '{"$":1,"z":2}',
  ];
  const texts = [
    ...parts,
    ...parts.flatMap((part) =>
      [...RECORD_KINDS, "prefix", "bundle", "__proto__", ""].map((kind) => `{"${kind}":${part}}`),
    ),
    ...parts.map((part) => `{"entity":{"ex:e":${part}}}`),
    ...parts.map((part) => `{"entity":{"ex:e":{"ex:a":${part}}}}`),
    ...parts.map((part) => `{"bundle":{"ex:b":{"bundle":${part}}}}`),
    `{"entity":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
    `{"@context":[],"@graph":[{"@type":"Entity","x":null}]}`,
    `{"@context":[1],"@graph":[]}`,
    `{"@context":[],"@graph":[{"@type":{}}]}`,
  ];
  const refused = texts.filter((text) => faultOf(() => parseProvJson(text)) !== undefined);
  const refusedLd = texts.filter((text) => faultOf(() => parseProvJsonld(text)) !== undefined);
  // What is empty is read, and what is nonsense isn't: that it did judge.
  expect([refused.includes("{}"), refused.includes("[]"), refusedLd.includes("{}")]).toEqual([false, true, true]);
});
