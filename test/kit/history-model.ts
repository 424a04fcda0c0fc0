import { EVIDENCE_EDGES, type EdgeType } from "../../graph-schema/catalog.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";

/*
 * The history of a graph in plain memory: what a change does is written down here once more, in the simplest way there is,
 * so that the store's answers for any instant can be held against it.
 */

export type Properties = Readonly<Record<string, unknown>>;

interface ModelNode {
  readonly validFrom: Instant;
  readonly versions: { readonly from: Instant; readonly properties: Properties }[];
}

interface ModelEdge {
  readonly type: EdgeType;
  readonly from: string;
  readonly to: string;
  readonly validFrom: Instant;
  validTo: Instant;
}

export interface GraphAt {
  /** By public id: the version's number, from 1 on, and its properties. */
  readonly nodes: Readonly<Record<string, { version: number; properties: Properties }>>;
  /** `from TYPE to [validFrom, validTo)`, sorted. */
  readonly edges: readonly string[];
}

type EdgeEnds = readonly [type: EdgeType, from: string, to: string];

/** One thing that a change does: a life begins unless it did before, a node gets a version if anything differs, an edge opens or closes. */
export type Effect =
  | { readonly born: string; readonly properties: Properties }
  | { readonly revised: string; readonly properties: Properties }
  | { readonly open: EdgeEnds }
  | { readonly close: EdgeEnds };

/** A change that was made at an instant; what it did follows from what stood then. */
export interface Made {
  readonly at: Instant;
  readonly effects: (model: HistoryModel, at: Instant) => readonly Effect[];
}

/**
 * In which order changes of one instant came. Whoever locks a node that was revised, or from which an edge was closed, gets a
 * later instant; so at one instant what changed nothing came first, then what only began, then revisions, then endings.
 */
function order(model: HistoryModel, { at, effects }: Made): number {
  const own = effects(model, at).filter((effect) => model.wouldChange(effect));
  const ranks = own.map((effect) => ("close" in effect ? 3 : "revised" in effect ? 2 : 1));
  return Math.max(0, ...ranks);
}

/** The model of all these changes, whoever made them and in whatever order they were told of. */
export function replay(changes: readonly Made[]): HistoryModel {
  const model = new HistoryModel();
  const waiting = [...changes].sort((a, b) => a.at - b.at);
  while (waiting.length > 0) {
    const { at } = waiting[0]!;
    const together = waiting.splice(0, waiting.filter((change) => change.at === at).length);
    for (; together.length > 0;) {
      const ranks = together.map((change) => order(model, change));
      const [next] = together.splice(ranks.indexOf(Math.min(...ranks)), 1);
      for (const effect of next!.effects(model, at)) model.apply(effect, at);
    }
  }
  return model;
}

export const edgeText = (edge: {
  type: string;
  from: string;
  to: string;
  validFrom: Instant;
  validTo: Instant;
}): string => `${edge.from} ${edge.type} ${edge.to} [${edge.validFrom}, ${edge.validTo})`;

export class HistoryModel {
  readonly #nodes = new Map<string, ModelNode>();
  readonly #edges: ModelEdge[] = [];

  get ids(): string[] {
    return [...this.#nodes.keys()];
  }

  /** A node is born, or gets a version if anything differs. */
  put(id: string, properties: Properties, at: Instant): void {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      this.#nodes.set(id, { validFrom: at, versions: [{ from: at, properties }] });
      return;
    }
    const present = node.versions.at(-1)!.properties;
    const next = { ...present, ...properties };
    if (JSON.stringify(next) !== JSON.stringify(present)) node.versions.push({ from: at, properties: next });
  }

  open(type: EdgeType, from: string, to: string, at: Instant): void {
    if (!this.isOpen(type, from, to)) this.#edges.push({ type, from, to, validFrom: at, validTo: FOREVER });
  }

  /** An interval is never empty: what was opened at the same instant closes behind it. */
  close(type: EdgeType, from: string, to: string, at: Instant): void {
    const edge = this.#find(type, from, to);
    if (edge === undefined) throw new Error(`${from} ${type} ${to} isn't open at ${at}`);
    edge.validTo = Math.max(at, edge.validFrom + 1);
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  /** The node's properties as they stand after the last change; undefined before its life. */
  present(id: string): Properties | undefined {
    return this.#nodes.get(id)?.versions.at(-1)?.properties;
  }

  /** The other ends of the node's open edges of a type, along the arrow (`out`) or against it (`in`). */
  beside(id: string, type: EdgeType, direction: "out" | "in"): string[] {
    const open = this.#edges.filter((edge) => edge.type === type && edge.validTo === FOREVER);
    return direction === "out"
      ? open.flatMap((edge) => (edge.from === id ? [edge.to] : []))
      : open.flatMap((edge) => (edge.to === id ? [edge.from] : []));
  }

  /** Whether the effect would leave anything changed. */
  wouldChange(effect: Effect): boolean {
    if ("open" in effect) return !this.isOpen(...effect.open);
    if ("close" in effect) return true;
    if ("born" in effect) return !this.has(effect.born);
    const present = this.present(effect.revised);
    return JSON.stringify({ ...present, ...effect.properties }) !== JSON.stringify(present);
  }

  /** What becomes of the graph at an instant. */
  apply(effect: Effect, at: Instant): void {
    if ("open" in effect) this.open(...effect.open, at);
    else if ("close" in effect) this.close(...effect.close, at);
    else if (!("born" in effect)) this.put(effect.revised, effect.properties, at);
    else if (!this.has(effect.born)) this.put(effect.born, effect.properties, at);
  }

  /** What happened to the node up to an instant, as `instant what`, sorted. */
  historyOf(id: string, asOf: Instant): string[] {
    const versions = this.#nodes.get(id)?.versions.map(({ from }, i) => [from, `version ${i + 1}`] as const) ?? [];
    const edges = this.#edges
      .filter((edge) => edge.from === id || edge.to === id)
      .flatMap(({ type, from, to, validFrom, validTo }) => [
        [validFrom, `opened ${from} ${type} ${to}`] as const,
        [validTo, `closed ${from} ${type} ${to}`] as const,
      ]);
    return [...versions, ...edges]
      .filter(([at]) => at <= asOf)
      .map(([at, what]) => `${at} ${what}`)
      .sort();
  }

  isOpen(type: EdgeType, from: string, to: string): boolean {
    return this.#find(type, from, to) !== undefined;
  }

  #find(type: EdgeType, from: string, to: string): ModelEdge | undefined {
    return this.#edges.find(
      (edge) => edge.type === type && edge.from === from && edge.to === to && edge.validTo === FOREVER,
    );
  }

  /** The node as it was; undefined before its life. */
  nodeAt(id: string, asOf: Instant): { version: number; properties: Properties } | undefined {
    const versions = this.#nodes.get(id)?.versions.filter((version) => version.from <= asOf) ?? [];
    return versions.length === 0 ? undefined : { version: versions.length, properties: versions.at(-1)!.properties };
  }

  /** What is within `depth` hops upstream of a node over edges of these types, and the edges between what is. */
  upstreamAt(
    root: string,
    asOf: Instant,
    depth = Number.POSITIVE_INFINITY,
    types: readonly EdgeType[] = EVIDENCE_EDGES,
  ): GraphAt {
    const held = this.#edges.filter(
      (edge) => types.includes(edge.type) && edge.validFrom <= asOf && asOf < edge.validTo,
    );
    const hops = new Map([[root, 0]]);
    for (const [id, far] of hops)
      for (const { from, to } of held) if (from === id && far < depth && !hops.has(to)) hops.set(to, far + 1);
    const edges = held
      .filter(({ from, to }) => hops.has(from) && hops.has(to))
      .map(edgeText)
      .sort();
    return { nodes: Object.fromEntries([...hops.keys()].map((id) => [id, this.nodeAt(id, asOf)!])), edges };
  }
}
