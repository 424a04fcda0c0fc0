import { z } from "zod";
import { EDGES, EVIDENCE_EDGES, LINEAGE_EDGES, type EdgeType, type NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { holdsAt } from "../../graph/projection.js";
import { defineQuery, params, type Query } from "../../graph/query.js";
import { LINEAGE_LABELS } from "./standing.js";

/*
 * Steps from many nodes at once, for questions that lineage's one statement can't answer: where a way leads between two ends,
 * and what an expression selects. A walk remembers what it read, and reads no more than it may.
 */

export type Way = "UPSTREAM" | "DOWNSTREAM";
export const opposite = (way: Way): Way => (way === "UPSTREAM" ? "DOWNSTREAM" : "UPSTREAM");

interface StepParams {
  ids: readonly string[];
  asOf: Instant;
  edgeTypes: readonly EdgeType[];
  most: number;
}

const row = z.object({ id: z.string(), found: z.array(z.string()) });
type StepQuery = Query<StepParams, z.infer<typeof row>>;

/** Lineage edges by which a node of the label stands on others, or others on it. */
const edgesOf = (label: NodeLabel, way: Way): EdgeType[] =>
  LINEAGE_EDGES.filter((type) => EDGES[type].endpoints.some((ends) => ends[way === "UPSTREAM" ? 0 : 1] === label));

function stepQuery(label: NodeLabel, way: Way): StepQuery {
  const types = edgesOf(label, way).join("|");
  const pattern = way === "UPSTREAM" ? `-[r:${types}]->` : `<-[r:${types}]-`;
  return defineQuery({
    name: `walk${way === "UPSTREAM" ? "Up" : "Down"}From${label}`,
    mode: "read",
    scope: "tenant",
    params: params<StepParams>(),
    // The limit stops the expansion: a hub isn't read to its end to learn that it is too big. It counts neighbours, not
    // relations, as whoever reads the answer does: two to one neighbour would pass for the whole of a step that was cut.
    cypher: `UNWIND $ids AS id
MATCH (a:${label} {tenantId: $tenantId, id: id})${pattern}(b)
WHERE ${holdsAt("r")} AND type(r) IN $edgeTypes
WITH DISTINCT id, b LIMIT $most
RETURN id, collect(labels(b)[0] + ":" + b.id) AS found`,
    row,
  });
}

const queries = new Map<string, StepQuery>();
for (const label of LINEAGE_LABELS) {
  for (const way of ["UPSTREAM", "DOWNSTREAM"] as const) {
    if (edgesOf(label, way).length > 0) queries.set(`${way} ${label}`, stepQuery(label, way));
  }
}
export const walkQueries = [...queries.values()];

/** Ids that one statement is asked for. */
export const BATCH = 5_000;

export const labelOf = (id: string): NodeLabel => id.slice(0, id.indexOf(":")) as NodeLabel;
export const ulidOf = (id: string): string => id.slice(id.indexOf(":") + 1);

/** Public ids by label, without it, in pieces of at most `BATCH`. */
export function batches(ids: Iterable<string>): { label: NodeLabel; ids: string[] }[] {
  const byLabel = new Map<NodeLabel, string[]>();
  for (const id of ids) {
    const label = labelOf(id);
    const some = byLabel.get(label);
    if (some === undefined) byLabel.set(label, [ulidOf(id)]);
    else some.push(ulidOf(id));
  }
  return [...byLabel].flatMap(([label, all]) =>
    Array.from({ length: Math.ceil(all.length / BATCH) }, (_, i) => ({
      label,
      ids: all.slice(i * BATCH, (i + 1) * BATCH),
    })),
  );
}

/** What one question may read: nodes and relations together. Whoever takes more is stopped by `TooMuch`. */
export class Allowance {
  constructor(public left: number) {}

  take(count: number): void {
    this.left -= count;
    if (this.left < 0) throw new TooMuch();
  }
}

/** A question would have to read more than it may. */
export class TooMuch extends Error {
  override readonly name = "TooMuch";
}

export interface Walked {
  readonly asOf: Instant;
  readonly edgeTypes: readonly EdgeType[] | null;
}

export class Walk {
  readonly #known: Record<Way, Map<string, readonly string[]>> = { UPSTREAM: new Map(), DOWNSTREAM: new Map() };
  readonly #edgeTypes: readonly EdgeType[];

  constructor(
    readonly graph: Graph,
    readonly scope: Scope,
    readonly asked: Walked,
    readonly allowance: Allowance,
  ) {
    this.#edgeTypes = asked.edgeTypes ?? EVIDENCE_EDGES;
  }

  /** The neighbours of each of `ids`; null when there are more than `most` of them together. */
  async step(
    ids: Iterable<string>,
    way: Way,
    most = Number.POSITIVE_INFINITY,
  ): Promise<Map<string, readonly string[]> | null> {
    const known = this.#known[way];
    const all = [...ids];
    const wanted = all.filter((id) => !known.has(id) && queries.has(`${way} ${labelOf(id)}`));
    const bound = Math.min(most, this.allowance.left);
    const read = await Promise.all(
      batches(wanted).map(async ({ label, ids: some }) => {
        const asked = { ids: some, asOf: this.asked.asOf, edgeTypes: this.#edgeTypes, most: bound + 1 };
        const rows = await this.graph.read(this.scope, queries.get(`${way} ${label}`)!, asked);
        return { label, rows, count: rows.reduce((sum, { found }) => sum + found.length, 0) };
      }),
    );
    const count = read.reduce((sum, one) => sum + one.count, 0);
    if (count > most) return null;
    this.allowance.take(count);
    for (const id of wanted) known.set(id, []);
    for (const { label, rows } of read) for (const { id, found } of rows) known.set(`${label}:${id}`, found);
    return new Map(all.map((id) => [id, known.get(id) ?? []]));
  }

  /** Everything within `hops` of `seeds`, these included. */
  async reach(
    seeds: Iterable<string>,
    way: Way | "BOTH",
    hops: number,
    most = Number.POSITIVE_INFINITY,
  ): Promise<Set<string>> {
    const seen = new Set(seeds);
    let level = [...seen];
    for (let hop = 0; hop < hops && level.length > 0; hop++) {
      const next: string[] = [];
      for (const one of way === "BOTH" ? (["UPSTREAM", "DOWNSTREAM"] as const) : [way]) {
        for (const found of (await this.step(level, one))!.values()) {
          for (const id of found) {
            if (seen.has(id)) continue;
            seen.add(id);
            next.push(id);
          }
        }
        if (seen.size > most) throw new TooMuch();
      }
      level = next;
    }
    return seen;
  }

  /** One step `way` from each node of `around` to others of it, told from the steps the other way that were read. */
  back(way: Way, around: ReadonlySet<string>): Map<string, string[]> {
    const next = new Map<string, string[]>();
    for (const id of around) {
      for (const other of this.#known[opposite(way)].get(id) ?? []) {
        const some = next.get(other);
        if (some === undefined) next.set(other, [id]);
        else some.push(id);
      }
    }
    return next;
  }
}

/** Everything within `hops` of `seeds`, these included, by steps that are at hand. */
export function within(
  seeds: Iterable<string>,
  next: ReadonlyMap<string, readonly string[]>,
  hops: number,
): Set<string> {
  const seen = new Set(seeds);
  let level = [...seen];
  for (let hop = 0; hop < hops && level.length > 0; hop++) {
    level = [...new Set(level.flatMap((id) => next.get(id) ?? []))].filter((id) => !seen.has(id));
    for (const id of level) seen.add(id);
  }
  return seen;
}
