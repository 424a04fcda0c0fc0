import type { EdgeType } from "../../../graph-schema/catalog.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { readAround } from "../lineage/around.query.js";
import type { LineagePage } from "../lineage/lineage.query.js";
import { LINEAGE_LABELS } from "../lineage/standing.js";
import { Allowance, labelOf, TooMuch, ulidOf, Walk } from "../lineage/walk.query.js";
import { nodesById } from "../node/node.query.js";
import { Evaluation, normal, TooWide } from "./evaluate.js";
import type { Expression } from "./expression.js";
import { MAX_SELECTED } from "./find.js";

/** Nodes and relations that are read to answer one expression. */
export const MAX_READ = 500_000;

export interface Selection {
  readonly expression: Expression;
  readonly asOf: Instant;
  /** Null follows the evidence edges. */
  readonly edgeTypes: readonly EdgeType[] | null;
  /** Nodes shown on earlier pages. */
  readonly skip: number;
  readonly first: number;
  /** Whether `hidden` is wanted. */
  readonly counted: boolean;
  /** Whether `by` and `why` of the edges are wanted. */
  readonly told: boolean;
}

const said = (count: number): string => count.toLocaleString("en-GB");

function refused(error: unknown): unknown {
  if (error instanceof TooWide) {
    const at = error.at + 1;
    const message = `\`expression\`, character ${at}: what begins there stands for more than ${said(MAX_SELECTED)} nodes. Narrow it by \`and\`, such as with a kind, a title or a channel.`;
    return DomainError.badInput("expression", message, at);
  }
  if (error instanceof TooMuch) {
    const message = `\`expression\` would have more than ${said(MAX_READ)} nodes and relations read. Narrow its parts by \`and\`, or write a number of hops such as +2.`;
    return DomainError.badInput("expression", message);
  }
  return error;
}

/** All that an expression selects at an instant, by public id, in the order of kinds and then of ids. */
export async function selected(
  graph: Graph,
  scope: Scope,
  { expression, asOf, edgeTypes }: Pick<Selection, "expression" | "asOf" | "edgeTypes">,
): Promise<string[]> {
  const walk = new Walk(graph, scope, { asOf, edgeTypes }, new Allowance(MAX_READ));
  try {
    const found = await new Evaluation(walk).find(normal(expression));
    const place = new Map(LINEAGE_LABELS.map((label, i) => [label, i]));
    return [...found].sort((a, b) => {
      const kinds = place.get(labelOf(a))! - place.get(labelOf(b))!;
      return kinds !== 0 ? kinds : ulidOf(a) < ulidOf(b) ? -1 : 1;
    });
  } catch (error) {
    throw refused(error);
  }
}

/** A page of what is selected, in the form of a page of lineage; `hidden` counts neighbours either way. */
export async function readSelection(graph: Graph, scope: Scope, selection: Selection): Promise<LineagePage> {
  const { asOf, edgeTypes, skip, first, counted, told } = selection;
  const all = await selected(graph, scope, selection);
  const shown = all.slice(0, skip + first);
  const page = shown.slice(skip);
  const asked = { asOf, edgeTypes, shown, counted };
  const [nodes, around] = await Promise.all([
    nodesById(
      graph,
      scope,
      page.map((id) => parseNodeId(id)!),
      asOf,
    ),
    readAround(graph, scope, { ...asked, ids: page, told }),
  ]);
  const place = new Map(shown.map((id, i) => [id, i]));
  const gained = [...new Set(around.edges.flatMap(({ from, to }) => [from, to]))].filter((id) => place.get(id)! < skip);
  const earlier = counted ? await readAround(graph, scope, { ...asked, ids: gained, told: false }) : around;
  return {
    nodes: page.flatMap((id) => nodes.get(id) ?? []),
    edges: around.edges.toSorted(
      (a, b) => place.get(a.from)! - place.get(b.from)! || place.get(a.to)! - place.get(b.to)!,
    ),
    hidden: counted
      ? [...gained, ...page].map((id) => ({ id, count: around.hidden.get(id) ?? earlier.hidden.get(id) ?? 0 }))
      : [],
    total: all.length,
    totalIsExact: true,
  };
}
