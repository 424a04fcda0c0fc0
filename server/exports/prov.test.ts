import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import { environment } from "../../test/kit/env.js";
import { provToolbox, type ProvToolbox } from "../../test/kit/prov-toolbox.js";
import { seeded } from "../../test/kit/random.js";
import {
  edgeOf,
  EXPORTED_AT,
  HOSTILE,
  lineageOf,
  nodeOf,
  randomLineage,
  textOf,
} from "../../test/kit/whole-lineage.js";
import { parseProvJsonld } from "../imports/prov-jsonld.js";
import { lineageOfProv, type ReadLineage } from "../imports/prov-lineage.js";
import { parseProvJson } from "../imports/prov.js";
import { NODES } from "../../graph-schema/nodes.js";
import { nodeBase } from "../../graph-schema/node.js";
import { NODE_LABELS } from "../../graph-schema/catalog.js";
import { toProvJson } from "./prov-json.js";
import { toProvJsonld } from "./prov-jsonld.js";
import { localName, localText } from "./prov.js";
import type { WholeLineage } from "./whole-lineage.js";

const FORMATS = {
  json: { write: toProvJson, read: parseProvJson, schema: "prov-json.schema.json" },
  jsonld: { write: toProvJsonld, read: parseProvJsonld, schema: "prov-jsonld.schema.json" },
} as const;
const NAMES = ["json", "jsonld"] as const;
const schemas = join(environment.data, "provenance", "prov_schemas");

/** What a document must tell of a lineage, sorted: nodes with all that they are, edges, times, who and why. */
async function toldBy(lineage: WholeLineage): Promise<object> {
  const nodes: object[] = [];
  const edges: object[] = [];
  for await (const page of lineage.pages()) {
    for (const node of page.nodes) {
      const shape = nodeBase.extend(NODES[node.label].shape.shape);
      nodes.push({ id: node.id, label: node.label, properties: shape.parse({ ...node, id: node.ulid }) });
    }
    edges.push(...page.edges);
  }
  const { question, asOf, settled, tenantId } = lineage;
  const root = `${question.root.label}:${question.root.id}`;
  return sorted({ ...question, root, asOf, settled, tenantId, nodes, edges } as unknown as ReadLineage);
}

function sorted({ root, direction, depth, asOf, settled, tenantId, nodes, edges }: ReadLineage): object {
  const list = (items: readonly object[]) =>
    items.map((item) => JSON.stringify(item, Object.keys(flat(item)).toSorted()));
  return {
    root,
    direction,
    depth,
    asOf,
    settled,
    tenantId,
    nodes: list(nodes).toSorted(),
    edges: list(edges).toSorted(),
  };
}
/** Every key of an object and of the objects in it, so that its JSON doesn't depend on their order. */
const flat = (item: object): Record<string, true> =>
  Object.fromEntries(
    Object.entries(item).flatMap(([key, value]): [string, true][] => [
      [key, true],
      ...(typeof value === "object" && value !== null
        ? Object.keys(flat(value)).map((k): [string, true] => [k, true])
        : []),
    ]),
  );

/** All of it once: each kind of node, lists and nothing where it may be nothing, each hostile title. */
const everything = (): WholeLineage => {
  const nodes = [
    ...NODE_LABELS.filter((label) =>
      ["Source", "Snapshot", "Fact", "Claim", "Scene", "Episode", "Channel", "Principal"].includes(label),
    ).map((label) => nodeOf(label)),
    nodeOf("Principal", { channels: ["Channel:01JD3Z5X9QW8R7T6Y5V4N3M2K1"], roles: ["agent"] }),
    nodeOf("Claim", { recheckBy: null, kind: "OTHER", status: "WRONG" }),
    nodeOf("Fact", { value: 3, unit: null, quoteExact: HOSTILE.join(" ") }),
    ...HOSTILE.map((title) => nodeOf("Source", { title, publisher: title })),
  ];
  const sources = nodes.filter(({ label }) => label === "Source");
  return lineageOf(
    nodes,
    sources.map((source, i) =>
      edgeOf("CITES", source, sources[(i + 1) % sources.length]!, {
        openedBy: `op:${i}/.-`,
        by: HOSTILE[i % HOSTILE.length]!,
        why: HOSTILE[i % HOSTILE.length]!,
      }),
    ),
  );
};
const lineages = (): WholeLineage[] => [everything(), ...[1, 2, 3, 4, 5].map((seed) => randomLineage(seeded(seed)))];

describe.each(NAMES)("a lineage as PROV (%s)", (name) => {
  const { write, read, schema } = FORMATS[name];

  it("comes back as the same nodes and edges: ids, times, who and why", async () => {
    for (const lineage of lineages())
      expect(sorted(lineageOfProv(read(await textOf(write(lineage)))))).toEqual(await toldBy(lineage));
  });

  it("is valid by the published schema", async ({ skip }) => {
    const file = join(schemas, schema);
    if (!existsSync(file)) {
      // oxlint-disable-next-line no-console -- a skipped test says so
      console.warn(`SKIPPED: there is no ${file}; THROUGHLINE_DATA says where the schemas are`);
      return skip();
    }
    const valid = compiled(file);
    for (const lineage of lineages()) {
      const document: unknown = JSON.parse(await textOf(write(lineage)));
      expect(valid(document), JSON.stringify(valid.errors?.slice(0, 5))).toBe(true);
    }
    // That the schema is one that refuses.
    expect(valid(name === "json" ? { entity: { a: null } } : { "@context": 1, "@graph": [{}] })).toBe(false);
  });
});

/** The schemas are of draft 4, whose `$schema` and `id` Ajv doesn't know; what they say of documents is the same since. */
function compiled(file: string): ValidateFunction {
  const {
    $schema: _dialect,
    id: _id,
    $id: _name,
    ...schema
  } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: false });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll(/"\$id":"#[^"]*",?/g, "")) as object);
}

describe("read and written back by a public PROV library", { timeout: 300_000 }, () => {
  let toolbox: ProvToolbox | undefined;
  beforeAll(async () => {
    toolbox = await provToolbox();
  }, 360_000);
  const needed = ({ skip }: TestContext): ProvToolbox => {
    if (toolbox !== undefined) return toolbox;
    // oxlint-disable-next-line no-console -- a skipped test says so
    console.warn("SKIPPED: ProvToolbox isn't here; set THROUGHLINE_FETCH_TOOLS=true to have Maven fetch it");
    return skip();
  };

  it.for([
    ["json", "json"],
    ["jsonld", "jsonld"],
    ["json", "jsonld"],
    ["jsonld", "json"],
  ] as const)("a document of %s comes back as %s with everything that it said", async ([from, to], context) => {
    const library = needed(context);
    for (const lineage of [everything(), randomLineage(seeded(11))]) {
      const back = await library.convert(await textOf(FORMATS[from].write(lineage)), from, to);
      expect(sorted(lineageOfProv(FORMATS[to].read(back)))).toEqual(await toldBy(lineage));
    }
  });
});

it("names any operation in a way that a qualified name may have, and finds it again", () => {
  for (const text of [
    "import/0a1b/3",
    "job/topic-gaps/2026-11-21T04:00Z/3",
    "-x",
    "a.",
    "run/1/stage:2",
    "..",
    "it's(1)*!",
  ]) {
    expect(localName(text)).toMatch(/^[A-Za-z0-9_%][A-Za-z0-9_%-]*$/);
    expect(localText(localName(text))).toBe(text);
  }
});

it("refuses to read back what isn't one of ours, or no whole one", async () => {
  const [claim, fact] = [nodeOf("Claim"), nodeOf("Fact")];
  const text = await textOf(toProvJson(lineageOf([claim, fact], [edgeOf("SUPPORTED_BY", claim, fact)])));
  const refused = (changed: string, why: string) => {
    expect(changed).not.toBe(text);
    expect(() => lineageOfProv(parseProvJson(changed))).toThrow(why);
  };
  refused('{"entity":{"ex:e":{}}}', "only what `export lineage` wrote");
  refused(text.replaceAll(`"${fact.id}":{`, `"Fact:01JD3Z5X9QW8R7T6Y5V4N3M2K1":{`), `there is no entity ${fact.id}`);
  refused(text.replace('"tl:edgeCount":[{"$":"1"', '"tl:edgeCount":[{"$":"2"'), "says that they are 2 and 2");
  refused(text.replace('"PRICE"', '"PRIZE"'), `entity.${claim.id}.tl:kind`);
  refused(text.replaceAll(new Date(EXPORTED_AT - 9_000).toISOString(), "yesterday"), "yesterday is no instant");
});
