import { createHash, type Hash } from "node:crypto";
import type { EdgeType } from "../../graph-schema/catalog.js";
import { formatNodeId, type NodeId } from "../../graph-schema/node-id.js";
import { SETTLED_MS, type Instant } from "../../graph-schema/time.js";
import { DomainError } from "../errors.js";
import { TIMEOUT_MS, type Graph, type Scope } from "../graph/graph.js";
import type { AnyNode } from "../graph/projection.js";
import { knownAt, readLineage, type Direction, type ToldEdge } from "../reads/lineage/lineage.query.js";

/*
 * A lineage from its first node to its last edge, for files: the same question as the API's, asked page by page for one
 * instant. Nothing here holds more than a page, however often a format goes through them.
 */

/** How much a file may hold. What is more isn't cut: it is refused before a byte is written. */
export const EXPORT_LIMITS = {
  nodes: 50_000,
  edges: 100_000,
  /** Characters of all titles and reasons together: what a format may have to keep at hand while it writes. */
  characters: 50_000_000,
  /** Claims of a ClaimReview file; each is two questions more. */
  claims: 1_000,
} as const;

/** How the graph is asked: tests ask for smaller pages and allow less. */
export interface Bounds {
  /** Nodes of one page. */
  readonly page: number;
  readonly limits: { readonly nodes: number; readonly edges: number; readonly characters: number };
}
const BOUNDS: Bounds = { page: 5_000, limits: EXPORT_LIMITS };

export interface ExportQuestion {
  readonly root: NodeId;
  readonly direction: Direction;
  readonly depth: number;
  /** Null: the newest instant that the answer still holds for. */
  readonly asOf: Instant | null;
  /** Null follows the evidence edges. */
  readonly edgeTypes: readonly EdgeType[] | null;
}

export interface WholePage {
  readonly nodes: readonly AnyNode[];
  readonly edges: readonly WholeEdge[];
  readonly hidden: readonly { readonly id: string; readonly count: number }[];
}
export type WholeEdge = Required<ToldEdge>;

export interface WholeLineage {
  readonly tenantId: string;
  readonly question: Omit<ExportQuestion, "asOf">;
  /** The instant that all of it answers for. */
  readonly asOf: Instant;
  /** Whether nothing that is still being written can change the answer. */
  readonly settled: boolean;
  readonly nodes: number;
  readonly edges: number;
  /** All of it, from the start: nodes in order of level and id, and each edge on the page of its later end. */
  pages(): AsyncGenerator<WholePage>;
}

/** One question of one tenant, without its instant. */
interface Asking {
  readonly graph: Graph;
  readonly scope: Scope;
  readonly question: Omit<ExportQuestion, "asOf">;
  readonly bounds: Bounds;
}

/** Finds all of it and judges whether it may be written. Throws NOT_FOUND without the node, BAD_INPUT beyond a limit. */
export async function wholeLineage(
  graph: Graph,
  given: Scope,
  question: ExportQuestion,
  now: Instant,
  bounds: Bounds = BOUNDS,
): Promise<WholeLineage> {
  const scope = { ...given, timeoutMs: TIMEOUT_MS.bulk };
  const { asOf: asked, ...rest } = question;
  const asking = { graph, scope, question: rest, bounds };
  const survey = await surveyed(asking, asked ?? now, bounds.limits.nodes);
  if (survey === null) throw DomainError.notFound();
  const found = asked === null ? await settledOne(asking, survey, now - SETTLED_MS) : survey;
  const { asOf, nodes, edges, only } = found;
  return {
    tenantId: scope.tenantId,
    question: rest,
    asOf,
    settled: asOf <= now - SETTLED_MS,
    nodes,
    edges,
    async *pages() {
      if (only !== null) yield only;
      else yield* pagesOf(asking, asOf, bounds.limits.nodes);
    },
  };
}

interface Survey {
  readonly asOf: Instant;
  readonly nodes: number;
  readonly edges: number;
  /** Told apart by which nodes in which versions there are, and which edges since when. */
  readonly digest: string;
  /** The one page that it is. */
  readonly only: WholePage | null;
}

/** The same answer at an instant that has settled, where it is the same; what changed since then is worth more than that. */
async function settledOne(asking: Asking, newest: Survey, settled: Instant): Promise<Survey> {
  const before = await surveyed(asking, settled, newest.nodes).catch((error: unknown) => {
    // It was larger then: another answer.
    if (error instanceof DomainError && error.code === "BAD_INPUT") return null;
    throw error;
  });
  return before?.digest === newest.digest ? before : newest;
}

async function surveyed(asking: Asking, asOf: Instant, atMost: number): Promise<Survey | null> {
  const { limits } = asking.bounds;
  const hash = createHash("sha256");
  const operations = new Set<string>();
  let [nodes, edges, characters] = [0, 0, 0];
  let only: WholePage | null = null;
  for await (const page of pagesOf(asking, asOf, atMost)) {
    only = nodes === 0 ? page : null;
    nodes += page.nodes.length;
    edges += page.edges.length;
    for (const node of page.nodes) characters += node.title.length;
    for (const { openedBy, why } of page.edges) {
      if (!operations.has(openedBy)) characters += why.length;
      operations.add(openedBy);
    }
    if (edges > limits.edges) throw tooMuch(limits.edges, "edges");
    if (characters > limits.characters) throw tooMuch(limits.characters, "characters of titles and reasons");
    digest(hash, page);
  }
  return nodes === 0 ? null : { asOf, nodes, edges, digest: hash.digest("hex"), only };
}

const byKey = (a: WholeEdge, b: WholeEdge): number => {
  const [one, other] = [`${a.from} ${a.type} ${a.to}`, `${b.from} ${b.type} ${b.to}`];
  return one < other ? -1 : one > other ? 1 : a.validFrom - b.validFrom;
};

function digest(hash: Hash, { nodes, edges }: WholePage): void {
  for (const { id, version, validTo } of nodes) hash.update(`${id} ${version} ${validTo}\n`);
  for (const { from, type, to, validFrom, validTo } of edges)
    hash.update(`${from} ${type} ${to} ${validFrom} ${validTo}\n`);
}

/** Every page; refuses at the first one that there are more nodes than `atMost`. */
async function* pagesOf(asking: Asking, asOf: Instant, atMost: number): AsyncGenerator<WholePage> {
  const { graph, scope, question, bounds } = asking;
  const ask = (skip: number, first: number, told: boolean) =>
    readLineage(graph, scope, { ...question, asOf, skip, first, counted: told, told });
  for (let skip = 0; ; skip += bounds.page) {
    const page = await ask(skip, bounds.page, true);
    if (page === null) return;
    // Who asks for too much hears it after two questions, not after all the pages there would be.
    if (page.total > atMost) throw tooMuch(atMost, "nodes");
    if (skip === 0 && !page.totalIsExact && (await ask(atMost, 1, false))?.nodes.length) throw tooMuch(atMost, "nodes");
    if (page.nodes.length > 0)
      yield {
        nodes: page.nodes,
        edges: (page.edges as WholeEdge[]).map((edge) => knownAt(edge, asOf)).sort(byKey),
        hidden: page.hidden,
      };
    if (page.nodes.length < bounds.page) return;
  }
}

const tooMuch = (limit: number, of: string): DomainError =>
  new DomainError(
    "BAD_INPUT",
    `That is more than a file may hold (${limit.toLocaleString("en")} ${of}), and nothing is left out of one: ask for fewer hops, or begin nearer to what you look for. Nothing was written.`,
  );

export const rootOf = ({ question: { root } }: WholeLineage): string => formatNodeId(root.label, root.id);
