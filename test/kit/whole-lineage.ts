import { ulid } from "ulid";
import type { EdgeType, NodeLabel } from "../../graph-schema/catalog.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import { nodeBase } from "../../graph-schema/node.js";
import { NODES } from "../../graph-schema/nodes.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import type { AnyNode } from "../../server/graph/projection.js";
import type { WholeEdge, WholeLineage } from "../../server/exports/whole-lineage.js";
import type { Random } from "./random.js";

/*
 * Lineages in memory, as exports get them from the graph: for what a format makes of texts and cycles. That they are whole is
 * tested on a real graph (test/integration/export-lineage.test.ts).
 */

export const EXPORTED_AT: Instant = Date.UTC(2026, 5, 1, 12);

/** Titles that somebody might wish to break a file with, and that must come out of it as they went in. */
export const HOSTILE: readonly string[] = [
  "=cmd|' /C calc'!A0",
  "+1+1",
  '-2 degrees, says the "report"',
  "@SUM(A1:A9)",
  " =1+1",
  "\tTabbed",
  "\uFF1D1+1",
  "two\nlines",
  "two\r\nlines\u2028and\u2029more\u0085",
  "\n=1+1",
  "a, b; \"c\" and 'd'",
  "\u202Egnihton si siht\u202C \u2066isolated\u2069",
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "back\\slash \\u0041 {braces} [brackets] %41 &amp;",
  "emoji 👩‍🔬, accents é, e\u0301, 日本語",
  "x".repeat(10_000),
  "",
];

const DEFAULTS: Partial<Record<NodeLabel, object>> = {
  Source: {
    url: "https://planted.example/?a=b&c#d",
    tier: 2,
    reliability: "B",
    retrievedAt: EXPORTED_AT - 5_000,
    publishedAt: Date.UTC(1995, 3, 1),
    independenceGroup: "planted.example",
    status: "ACTIVE",
  },
  Snapshot: {
    url: "https://planted.example/",
    sha256: "0".repeat(64),
    mediaType: "text/plain",
    capturedAt: EXPORTED_AT - 4_000,
    kind: "FULL",
    bytes: 1,
    cut: false,
  },
  Fact: { kind: "DATA_POINT", quotePrefix: " ", quoteExact: "it is 2.5", quoteSuffix: "", value: 2.5, unit: "m" },
  Claim: { kind: "PRICE", status: "STATED", recheckBy: EXPORTED_AT + 90 * 86_400_000 },
  Scene: { ordinal: 1, narration: "They say =so." },
  Episode: { status: "PUBLISHED", publishedAt: EXPORTED_AT - 1_000 },
  Channel: { platform: "video" },
  Principal: { kind: "HUMAN", roles: ["analyst", "editor"], channels: [] },
};

export function nodeOf(label: NodeLabel, properties: object = {}): AnyNode {
  const id = ulid();
  const life = { validFrom: EXPORTED_AT - 10_000, validTo: FOREVER, version: 2, versionFrom: EXPORTED_AT - 3_000 };
  const stored = nodeBase
    .extend(NODES[label].shape.shape)
    .parse({ title: `A ${label}`, ...life, ...DEFAULTS[label], ...properties, id });
  const own = { label, id: formatNodeId(label, id), ulid: id, createdAt: life.validFrom };
  return { ...stored, ...own } as unknown as AnyNode;
}

export const edgeOf = (type: EdgeType, from: AnyNode, to: AnyNode, more: Partial<WholeEdge> = {}): WholeEdge => ({
  type,
  from: from.id,
  to: to.id,
  validFrom: EXPORTED_AT - 9_000,
  validTo: FOREVER,
  openedBy: "import/ab:cd.e-f_/3.",
  by: "Tess Tester",
  why: "a test",
  ...more,
});

/** In pages of `size` nodes, as the graph answers them: each edge on the page of its later end. */
export function lineageOf(nodes: readonly AnyNode[], edges: readonly WholeEdge[], size = 3): WholeLineage {
  const place = new Map(nodes.map(({ id }, index) => [id, Math.floor(index / size)]));
  const pages = Array.from({ length: Math.ceil(nodes.length / size) }, (_, page) => ({
    nodes: nodes.slice(page * size, (page + 1) * size),
    edges: edges.filter(({ from, to }) => Math.max(place.get(from)!, place.get(to)!) === page),
    hidden: [{ id: nodes[0]!.id, count: pages0(page) }],
  }));
  return {
    tenantId: "studio-1",
    question: { root: parseNodeId(nodes[0]!.id)!, direction: "UPSTREAM", depth: 12, edgeTypes: null },
    asOf: EXPORTED_AT,
    settled: true,
    nodes: nodes.length,
    edges: edges.length,
    async *pages() {
      yield* pages;
    },
  };
}

/** A neighbour that later pages bring is hidden no more. */
const pages0 = (page: number): number => Math.max(0, 2 - page);

const PAIRS: readonly (readonly [EdgeType, NodeLabel, NodeLabel])[] = [
  ["HAS_SCENE", "Episode", "Scene"],
  ["STATES", "Scene", "Claim"],
  ["SUPPORTED_BY", "Claim", "Fact"],
  ["CONTRADICTED_BY", "Claim", "Fact"],
  ["CONSIDERED", "Claim", "Fact"],
  ["QUOTED_FROM", "Fact", "Snapshot"],
  ["CAPTURED_FROM", "Snapshot", "Source"],
  ["CITES", "Source", "Source"],
  ["DERIVED_FROM", "Fact", "Fact"],
];

/** Nodes with hostile titles, and edges with cycles by several people, for several reasons. */
export function randomLineage(random: Random, edges = 40): WholeLineage {
  const labels = ["Episode", "Scene", "Claim", "Fact", "Snapshot", "Source"] as const;
  const nodes = labels.flatMap((label) =>
    Array.from({ length: 3 }, () => nodeOf(label, { title: random.pick(HOSTILE) })),
  );
  const of = (label: NodeLabel) => nodes.filter((node) => node.label === label);
  const drawn = new Map<string, WholeEdge>();
  for (let i = 0; i < edges; i++) {
    const [type, from, to] = random.pick(PAIRS);
    const operation = random.below(5);
    const edge = edgeOf(type, random.pick(of(from)), random.pick(of(to)), {
      openedBy: `op/${operation}:${operation}.x`,
      by: ["Tess Tester", "=HYPERLINK(1)", "unknown", 'Åsa "A" Öst', "日本"][operation]!,
      why: ["a test", "because:\n- it says so", "", "=1+1", "<b>bold</b>"][operation]!,
      validFrom: EXPORTED_AT - 9_000 + operation,
      validTo: operation === 2 ? EXPORTED_AT + 1_000 : FOREVER,
    });
    drawn.set(`${type} ${edge.from} ${edge.to}`, edge);
  }
  return lineageOf(nodes, [...drawn.values()], 1 + random.below(20));
}

export async function textOf(parts: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const part of parts) text += part;
  return text;
}
