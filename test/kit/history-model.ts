import type { EdgeType } from "../../graph-schema/catalog.js";
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

  close(type: EdgeType, from: string, to: string, at: Instant): void {
    this.#find(type, from, to)!.validTo = at;
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

  /** Everything upstream of a node, and the edges that lead there. */
  upstreamAt(root: string, asOf: Instant): GraphAt {
    const held = this.#edges.filter((edge) => edge.validFrom <= asOf && asOf < edge.validTo);
    const seen = new Set([root]);
    for (const id of seen) for (const edge of held) if (edge.from === id) seen.add(edge.to);
    const edges = held
      .filter((edge) => seen.has(edge.from))
      .map(edgeText)
      .sort();
    return { nodes: Object.fromEntries([...seen].map((id) => [id, this.nodeAt(id, asOf)!])), edges };
  }
}
