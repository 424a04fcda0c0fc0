import { CONTEXT_EDGES, EDGE_TYPES, EVIDENCE_EDGES } from "../../components/edge-types.js";
import type { EdgeType, LineageDirection, RollUpBy } from "../../gql/graphql.js";
import { formatFilter, NO_FILTER, parseFilter, type NodeFilter } from "./node-filter.js";
import type { Eye } from "./viewport.js";

/** How many nodes one page of an answer brings. */
export const PAGE = 100;
/** The API's limit for one answer. */
export const MOST = 5_000;

export type ViewKind = "graph" | "overview" | "table" | "both" | "groups";
export const VIEW_KINDS: readonly ViewKind[] = ["graph", "overview", "table", "both", "groups"];
/** What the table has a row for. */
export type RowKind = "nodes" | "links";
export const ROW_KINDS: readonly RowKind[] = ["nodes", "links"];
export type PanelKind = "details" | "links" | "impact" | "history" | "change";
export const PANEL_KINDS: readonly PanelKind[] = ["details", "links", "impact", "history", "change"];

/** A node whose neighbours are shown as well, `first` of them at most. */
export interface Expansion {
  readonly id: string;
  readonly first: number;
}

/** All that makes this view of the graph this view. It lives in the address and nowhere else, so Back undoes and a copied link restores. */
export interface LineageView {
  readonly direction: LineageDirection;
  readonly depth: number;
  /** Null: the reader didn't choose, and the width of the window decides. */
  readonly view: ViewKind | null;
  /** Null: the reader didn't choose, and the table has rows of the kind that is selected. */
  readonly rows: RowKind | null;
  /** Types of link to follow; null means the evidence edges, which is the server's own default. */
  readonly edges: readonly EdgeType[] | null;
  /** Which nodes are shown, of those that are reached. */
  readonly filter: NodeFilter;
  /** What `groups` groups by. */
  readonly by: RollUpBy;
  /** Null: now. */
  readonly asOf: string | null;
  /** An earlier instant to tell the difference from; null for none. */
  readonly since: string | null;
  /** A node to find the ways to; they are shown in place of the lineage. */
  readonly to: string | null;
  /** Nodes asked for around the start node. */
  readonly first: number;
  readonly expanded: readonly Expansion[];
  /** A node's id, or an edge's key. */
  readonly selected: string | null;
  readonly panel: PanelKind;
  /** Whether the ways from the start to what is selected stand out. */
  readonly ways: boolean;
  /** A node that all but its own line is hidden for. */
  readonly only: string | null;
  /** Where a link has the graph be seen from at first; null: where most of it can be read. */
  readonly eye: Eye | null;
}

const DEFAULTS: LineageView = {
  direction: "UPSTREAM",
  depth: 1,
  view: null,
  rows: null,
  edges: null,
  filter: NO_FILTER,
  by: "EPISODE",
  asOf: null,
  since: null,
  to: null,
  first: PAGE,
  expanded: [],
  selected: null,
  panel: "details",
  ways: false,
  only: null,
  eye: null,
};

const oneOf = <T extends string>(text: string | null, allowed: readonly T[]): T | undefined =>
  allowed.find((known) => known === text);

/** A whole number as written; anything else is the fallback. Limits are the server's to name. */
const whole = (text: string | null | undefined, fallback: number): number =>
  text != null && /^\d{1,6}$/.test(text) ? Number(text) : fallback;

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item) => b.includes(item));

function parseEdges(text: string | null): readonly EdgeType[] | null {
  if (text === null || text === "") return null;
  if (text === "all") return EDGE_TYPES;
  const words = text.toUpperCase().split(",");
  const types = EDGE_TYPES.filter((type) => words.includes(type));
  return types.length === 0 || same(types, EVIDENCE_EDGES) ? null : types;
}

function parseExpansion(text: string): Expansion {
  const [id = "", first] = text.split("~");
  return { id, first: whole(first, PAGE) };
}

function parseEye(text: string | null): Eye | null {
  const [, x, y, zoom] = /^(-?\d{1,6}),(-?\d{1,6}),(\d(?:\.\d{1,4})?)$/.exec(text ?? "") ?? [];
  return Number(zoom) > 0 ? { x: Number(x), y: Number(y), zoom: Number(zoom) } : null;
}

const formatEye = ({ x, y, zoom }: Eye): string => `${Math.round(x)},${Math.round(y)},${Number(zoom.toFixed(4))}`;

export function parseView(params: URLSearchParams): LineageView {
  return {
    direction:
      oneOf(params.get("direction")?.toUpperCase() ?? null, ["UPSTREAM", "DOWNSTREAM", "BOTH"]) ?? DEFAULTS.direction,
    depth: whole(params.get("depth"), DEFAULTS.depth),
    view: oneOf(params.get("view"), VIEW_KINDS) ?? DEFAULTS.view,
    rows: oneOf(params.get("rows"), ROW_KINDS) ?? DEFAULTS.rows,
    edges: parseEdges(params.get("edges")),
    filter: parseFilter(params),
    by: oneOf<RollUpBy>(params.get("by")?.toUpperCase() ?? null, ["EPISODE", "CHANNEL", "TOPIC"]) ?? DEFAULTS.by,
    asOf: params.get("asOf") || null,
    since: params.get("since") || null,
    to: params.get("to") || null,
    first: whole(params.get("first"), DEFAULTS.first),
    expanded: (params.get("expand") ?? "").split(",").filter(Boolean).map(parseExpansion),
    selected: params.get("select") || null,
    panel: oneOf(params.get("panel"), PANEL_KINDS) ?? DEFAULTS.panel,
    ways: params.get("ways") === "1",
    only: params.get("only") || null,
    eye: parseEye(params.get("eye")),
  };
}

/** The query part of the address, without what is as it would be anyway; `parseView` reads it back. */
export function formatView(view: LineageView): string {
  const parts: [string, string][] = [["direction", view.direction.toLowerCase()]];
  if (view.depth !== DEFAULTS.depth) parts.push(["depth", String(view.depth)]);
  if (view.view !== null) parts.push(["view", view.view]);
  if (view.rows !== null) parts.push(["rows", view.rows]);
  if (view.edges !== null)
    parts.push(["edges", same(view.edges, EDGE_TYPES) ? "all" : view.edges.join(",").toLowerCase()]);
  parts.push(...formatFilter(view.filter));
  if (view.by !== DEFAULTS.by) parts.push(["by", view.by.toLowerCase()]);
  if (view.asOf !== null) parts.push(["asOf", view.asOf]);
  if (view.since !== null) parts.push(["since", view.since]);
  if (view.to !== null) parts.push(["to", view.to]);
  if (view.first !== DEFAULTS.first) parts.push(["first", String(view.first)]);
  if (view.expanded.length > 0) {
    parts.push(["expand", view.expanded.map(({ id, first }) => (first === PAGE ? id : `${id}~${first}`)).join(",")]);
  }
  if (view.selected !== null) parts.push(["select", view.selected]);
  if (view.panel !== DEFAULTS.panel) parts.push(["panel", view.panel]);
  if (view.ways) parts.push(["ways", "1"]);
  if (view.only !== null) parts.push(["only", view.only]);
  if (view.eye !== null) parts.push(["eye", formatEye(view.eye)]);
  return parts
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("%2C", ",")}`)
    .join("&");
}

/** What to ask for to see a page more. */
export const moreOf = (first: number): number => Math.min(MOST, first + PAGE);

/** Opens a node's neighbours; asked again while some are still hidden, it brings the next page of them. */
export function expand(view: LineageView, id: string): LineageView {
  const open = view.expanded.find((expansion) => expansion.id === id);
  if (open === undefined) return { ...view, expanded: [...view.expanded, { id, first: PAGE }] };
  const grown = { id, first: moreOf(open.first) };
  return { ...view, expanded: view.expanded.map((expansion) => (expansion.id === id ? grown : expansion)) };
}

export const collapse = (view: LineageView, id: string): LineageView => ({
  ...view,
  expanded: view.expanded.filter((expansion) => expansion.id !== id),
});

/** Another question about the same start: what was opened belongs to the old one. */
export const reask = (view: LineageView, change: Partial<LineageView>): LineageView => ({
  ...view,
  first: PAGE,
  expanded: [],
  selected: null,
  only: null,
  eye: null,
  ...change,
});

export const followsContext = (view: LineageView) => (view.edges ?? []).some((type) => CONTEXT_EDGES.includes(type));
