import { EVIDENCE_EDGES, type EdgeType, type NodeLabel } from "../../graph-schema/catalog.js";
import { FOREVER, type Instant } from "../../graph-schema/time.js";
import {
  folded,
  isAnything,
  matches,
  type Expression,
  type Pattern,
  type Test,
} from "../../server/reads/select/expression.js";
import { LINEAGE_LABELS } from "../../server/reads/lineage/standing.js";
import { PLANTED_AT, type PlantedEdge } from "./plant.js";

/*
 * What selections, roll-ups and filters must answer, worked out in memory in the plainest way: every part is asked of every
 * node, and whatever leads anywhere is followed to its end.
 */

export interface ModelNode {
  readonly id: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const labelOf = (id: string) => id.slice(0, id.indexOf(":")) as NodeLabel;

export class GraphModel {
  readonly open: readonly PlantedEdge[];
  readonly followed: readonly PlantedEdge[];

  constructor(
    readonly nodes: readonly ModelNode[],
    edges: readonly PlantedEdge[],
    readonly asOf: Instant,
    edgeTypes: readonly EdgeType[] = EVIDENCE_EDGES,
  ) {
    this.open = edges.filter(({ validFrom = PLANTED_AT, validTo = FOREVER }) => validFrom <= asOf && asOf < validTo);
    this.followed = this.open.filter(({ type }) => edgeTypes.includes(type));
  }

  node(id: string): ModelNode {
    return this.nodes.find((one) => one.id === id)!;
  }

  within(ids: ReadonlySet<string>, way: "UPSTREAM" | "DOWNSTREAM", hops: number): Set<string> {
    let all = new Set(ids);
    for (let hop = 0; hop < hops; hop++) {
      const next = new Set(all);
      for (const { from, to } of this.followed) {
        if (way === "UPSTREAM" && all.has(from)) next.add(to);
        if (way === "DOWNSTREAM" && all.has(to)) next.add(from);
      }
      if (next.size === all.size) break;
      all = next;
    }
    return all;
  }

  #ends(type: EdgeType, from: string): string[] {
    return this.open.filter((edge) => edge.type === type && edge.from === from).map(({ to }) => to);
  }

  freshness(id: string): string | null {
    const { status, recheckBy } = this.node(id).properties as { status?: string; recheckBy?: number };
    if (labelOf(id) === "Source") return status === "ACTIVE" ? "FRESH" : "STALE";
    if (labelOf(id) !== "Claim") return null;
    if (status === "NEEDS_RECHECK" || (recheckBy !== undefined && recheckBy <= this.asOf)) return "STALE";
    return recheckBy === undefined ? "TIMELESS" : "FRESH";
  }

  confidence(id: string): string | null {
    const { status, reliability } = this.node(id).properties as { status?: string; reliability?: string };
    const ofSource = (source: string): string => {
      const properties = this.node(source).properties as { status: string; reliability: string };
      if (properties.status === "RETRACTED") return "LOW";
      return properties.reliability <= "B" ? "HIGH" : properties.reliability === "C" ? "MEDIUM" : "LOW";
    };
    const sources = (fact: string) =>
      this.#ends("QUOTED_FROM", fact).flatMap((snapshot) => this.#ends("CAPTURED_FROM", snapshot));
    if (labelOf(id) === "Source") return reliability === undefined ? null : ofSource(id);
    if (labelOf(id) === "Fact") {
      const all = sources(id).map(ofSource);
      return ["HIGH", "MEDIUM"].find((one) => all.includes(one)) ?? "LOW";
    }
    if (labelOf(id) !== "Claim") return null;
    if (status === "WRONG" || this.#ends("CONTRADICTED_BY", id).length > 0) return "LOW";
    const trusted = this.#ends("SUPPORTED_BY", id)
      .flatMap(sources)
      .filter((source) => ofSource(source) !== "LOW");
    const groups = new Set(trusted.map((source) => this.node(source).properties.independenceGroup));
    return ["LOW", "MEDIUM"][groups.size] ?? "HIGH";
  }

  #is(id: string, test: Test): boolean {
    const { title, properties } = this.node(id);
    const named = (other: string, values: readonly (Pattern | string)[]) =>
      values.some((value) =>
        typeof value === "string"
          ? value === other
          : isAnything(value) || matches(folded(this.node(other).title), value),
      );
    switch (test.field) {
      case "id":
        return test.values.includes(id);
      case "label":
        return test.values.includes(labelOf(id));
      case "title":
        return test.values.some((pattern) => matches(folded(title), pattern));
      case "tier":
        return test.values.includes(properties.tier as number);
      case "status":
        return test.values.includes(properties.status as never);
      case "freshness":
        return test.values.includes(this.freshness(id) as never);
      case "confidence":
        return test.values.includes(this.confidence(id) as never);
      case "links": {
        const links = this.followed.filter(({ from, to }) => from === id || to === id).length;
        return test.values.some(({ min, max }) => links >= min && links <= max);
      }
      case "channel":
      case "topic": {
        const [label, type] = test.field === "channel" ? ["Channel", "ON" as const] : ["Topic", "ABOUT" as const];
        if (labelOf(id) === label) return named(id, test.values);
        return (
          labelOf(id) === "Episode" &&
          this.#ends(type!, id).some((other) => labelOf(other) === label && named(other, test.values))
        );
      }
      case "owner": {
        const own = this.#ends("OWNED_BY", id);
        const through = this.#ends("ON", id).flatMap((channel) => this.#ends("OWNED_BY", channel));
        return (own.length > 0 ? own : through).some((person) => named(person, test.values));
      }
    }
  }

  select(expression: Expression): Set<string> {
    const all = this.nodes.map(({ id }) => id).filter((id) => LINEAGE_LABELS.includes(labelOf(id)));
    switch (expression.kind) {
      case "test":
        return new Set(all.filter((id) => this.#is(id, expression)));
      case "and":
        return new Set(all.filter((id) => expression.of.every((one) => this.select(one).has(id))));
      case "or":
        return new Set(expression.of.flatMap((one) => [...this.select(one)]));
      case "not": {
        const without = this.select(expression.of);
        return new Set(all.filter((id) => !without.has(id)));
      }
      case "reach":
        return this.within(this.select(expression.of), expression.way, expression.hops ?? Number.POSITIVE_INFINITY);
    }
  }
}
