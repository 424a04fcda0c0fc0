import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import canonicalize from "canonicalize";
import { expect, it } from "vitest";
import { lineageSchema, type LineageDocument } from "../../graph-schema/documents/lineage.js";
import { seeded } from "../../test/kit/random.js";
import { edgeOf, lineageOf, nodeOf, randomLineage, textOf } from "../../test/kit/whole-lineage.js";
import { toJson } from "./json.js";

const ajv = new Ajv2020({ allErrors: true });
addFormats.default(ajv);
const valid = ajv.compile(lineageSchema());

it("is canonical, and valid by its published schema, whatever the texts are", async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const lineage = randomLineage(seeded(seed));
    const text = await textOf(toJson(lineage));
    const document = JSON.parse(text) as LineageDocument;
    expect(`${canonicalize(document)}\n`).toBe(text);
    expect(valid(document), JSON.stringify(valid.errors)).toBe(true);
    expect([document.nodes.length, document.edges.length]).toEqual([lineage.nodes, lineage.edges]);
    expect(document.nodes[0]?.id).toBe(document.id);
  }
});

it("tells instants in ISO 8601, and what stays hidden as the last page told of it", async () => {
  const [claim, fact] = [nodeOf("Claim"), nodeOf("Fact")];
  const lineage = lineageOf([claim, fact], [edgeOf("SUPPORTED_BY", claim, fact)], 1);
  const document = JSON.parse(await textOf(toJson(lineage))) as LineageDocument;
  expect(document.nodes[0]?.properties).toEqual({
    kind: "PRICE",
    recheckBy: "2026-08-30T12:00:00.000Z",
    status: "STATED",
  });
  expect(document.nodes[1]?.properties).toMatchObject({ value: 2.5, quoteExact: "it is 2.5" });
  expect(document.hiddenByNode).toEqual([{ id: claim.id, count: 1 }]);
});

it("has a schema that refuses what isn't whole", async () => {
  const lineage = randomLineage(seeded(7));
  const document = JSON.parse(await textOf(toJson(lineage))) as Record<string, unknown>;
  for (const name of Object.keys(document)) {
    const { [name]: _gone, ...rest } = document;
    expect(valid(rest), name).toBe(false);
  }
  expect(valid({ ...document, format: "throughline.lineage/2" })).toBe(false);
});
