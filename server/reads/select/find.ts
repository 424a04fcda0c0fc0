import { EVIDENCE_EDGES, type NodeLabel } from "../../../graph-schema/catalog.js";
import { CONFIDENCES, LINEAGE_LABELS, STATUSES, type LineageStatus } from "../lineage/standing.js";
import { standingOf } from "../lineage/standing.query.js";
import { batches, labelOf, TooMuch, ulidOf, type Walk } from "../lineage/walk.query.js";
import { folded, isAnything, matches, type Pattern, type Test } from "./expression.js";
import { besideQueries, checkQueries, findQueries, linksQueries, type Condition, type Row } from "./select.query.js";

/** Nodes that any part of an expression may stand for. */
export const MAX_SELECTED = 50_000;

/** A test of what a node is by itself, which one statement can ask together with others. */
export interface Property {
  readonly test: Test & { readonly field: Condition["field"] };
  readonly not: boolean;
}

const PROPERTIES: readonly string[] = [
  "id",
  "label",
  "title",
  "tier",
  "status",
  "freshness",
] satisfies Condition["field"][];
export const isProperty = (test: Test): test is Property["test"] => PROPERTIES.includes(test.field);

/** Kinds of which the test can be true. */
function labelsOf({ test, not }: Property): readonly NodeLabel[] {
  if (not) {
    return test.field === "label" ? LINEAGE_LABELS.filter((label) => !test.values.includes(label)) : LINEAGE_LABELS;
  }
  switch (test.field) {
    case "label":
      return test.values;
    case "id":
      return test.values.map(labelOf);
    case "tier":
      return ["Source"];
    case "freshness":
      return ["Source", "Claim"];
    case "status": {
      const has = (statuses: readonly LineageStatus[]) => test.values.some((value) => statuses.includes(value));
      return LINEAGE_LABELS.filter((label) => label in STATUSES && has(STATUSES[label as keyof typeof STATUSES]));
    }
    default:
      return LINEAGE_LABELS;
  }
}

/** What the database can say of a test; a title's order and words are looked at here, and so a title that must not be so. */
function conditionOf({ test, not }: Property): Condition[] {
  if (test.field === "id") return [{ field: "id", values: test.values.map(ulidOf), not }];
  if (test.field !== "title") return [{ field: test.field, values: test.values, not }];
  const parts = test.values.map((pattern) => pattern.filter((part) => part !== ""));
  return not ? [] : [{ field: "title", values: parts, not }];
}

/** What of the rows is as the titles are asked for. */
function titledAs(rows: readonly Row[], properties: readonly Property[]): Row[] {
  const asked = properties.flatMap(({ test, not }) => (test.field === "title" ? [{ patterns: test.values, not }] : []));
  return rows.filter(({ title }) =>
    asked.every(({ patterns, not }) => patterns.some((pattern) => matches(folded(title ?? ""), pattern)) !== not),
  );
}

const questionOf = (walk: Walk, properties: readonly Property[], most: number) => ({
  asOf: walk.asked.asOf,
  conditions: properties.flatMap(conditionOf),
  titled: properties.some(({ test }) => test.field === "title"),
  most,
});

/** Every node of which all of the properties are true. */
export async function find(walk: Walk, properties: readonly Property[]): Promise<Set<string>> {
  const labels = LINEAGE_LABELS.filter((label) => properties.every((property) => labelsOf(property).includes(label)));
  const ids = properties.find(({ test, not }) => test.field === "id" && !not)?.test.values as
    | readonly string[]
    | undefined;
  if (ids !== undefined) return check(walk, new Set(ids.filter((id) => labels.includes(labelOf(id)))), properties);
  const question = questionOf(walk, properties, MAX_SELECTED + 1);
  const selected = await Promise.all(
    labels.map(async (label) => {
      const rows = await walk.graph.read(walk.scope, findQueries.get(label)!, question);
      if (rows.length > MAX_SELECTED) throw new TooMuch();
      walk.allowance.take(rows.length);
      return titledAs(rows, properties).map(({ id }) => `${label}:${id}`);
    }),
  );
  return bounded(selected.flat());
}

/** Those of the nodes of which all of the properties are true. */
export async function check(
  walk: Walk,
  ids: ReadonlySet<string>,
  properties: readonly Property[],
): Promise<Set<string>> {
  const question = questionOf(walk, properties, ids.size);
  const some = [...ids].filter((id) => properties.every((property) => labelsOf(property).includes(labelOf(id))));
  const selected = await Promise.all(
    batches(some).map(async ({ label, ids: batch }) => {
      const rows = await walk.graph.read(walk.scope, checkQueries.get(label)!, { ...question, ids: batch });
      walk.allowance.take(batch.length);
      return titledAs(rows, properties).map(({ id }) => `${label}:${id}`);
    }),
  );
  return new Set(selected.flat());
}

export const bounded = (ids: Iterable<string>): Set<string> => {
  const all = new Set(ids);
  if (all.size > MAX_SELECTED) throw new TooMuch();
  return all;
};

/** Channels, topics or people by title or id. */
async function named(walk: Walk, label: NodeLabel, values: readonly (Pattern | string)[]): Promise<string[]> {
  const patterns = values.filter((value): value is Pattern => typeof value !== "string");
  const ids = values.flatMap((value) => (typeof value === "string" ? [value] : []));
  return [...ids.map(ulidOf), ...(patterns.length === 0 ? [] : await titled(walk, label, patterns))];
}

async function titled(walk: Walk, label: NodeLabel, patterns: readonly Pattern[]): Promise<string[]> {
  const test: Test = { kind: "test", at: 0, field: "title", values: patterns };
  const properties = patterns.some(isAnything) ? [] : [{ test, not: false }];
  const question = questionOf(walk, properties, MAX_SELECTED + 1);
  const rows = await walk.graph.read(walk.scope, findQueries.get(label)!, question);
  if (rows.length > MAX_SELECTED) throw new TooMuch();
  walk.allowance.take(rows.length);
  return titledAs(rows, properties).map(({ id }) => id);
}

async function besides(walk: Walk, query: keyof typeof besideQueries, ids: readonly string[]): Promise<string[]> {
  const asked = { ids, asOf: walk.asked.asOf, most: MAX_SELECTED + 1 };
  const rows = await walk.graph.read(walk.scope, besideQueries[query], asked);
  walk.allowance.take(rows.length);
  return rows.map(({ id }) => id);
}

/** What belongs to an owner, a channel or a topic. */
export async function belonging(
  walk: Walk,
  test: Test & { readonly field: "owner" | "channel" | "topic" },
): Promise<Set<string>> {
  if (test.field === "owner") {
    const people = await named(walk, "Principal", test.values);
    return bounded([...(await besides(walk, "owned", people)), ...(await besides(walk, "ownedByChannel", people))]);
  }
  const [label, query] =
    test.field === "channel" ? (["Channel", "onChannel"] as const) : (["Topic", "aboutTopic"] as const);
  const ids = await named(walk, label, test.values);
  const id: Property = {
    test: { kind: "test", at: 0, field: "id", values: ids.map((one) => `${label}:${one}`) },
    not: false,
  };
  return bounded([...(await find(walk, [id])), ...(await besides(walk, query, ids))]);
}

/** Those of the nodes with so many relations. */
export async function linked(
  walk: Walk,
  ids: ReadonlySet<string>,
  ranges: (Test & { readonly field: "links" })["values"],
): Promise<Set<string>> {
  const asked = { asOf: walk.asked.asOf, edgeTypes: walk.asked.edgeTypes ?? EVIDENCE_EDGES };
  const selected = await Promise.all(
    batches(ids).map(async ({ label, ids: batch }) => {
      const rows = await walk.graph.read(walk.scope, linksQueries.get(label)!, { ...asked, ids: batch });
      walk.allowance.take(batch.length);
      const within = rows.filter(({ links }) => ranges.some(({ min, max }) => links >= min && links <= max));
      return within.map(({ id }) => `${label}:${id}`);
    }),
  );
  return new Set(selected.flat());
}

/** Those of the nodes of such a confidence. */
export async function trusted(
  walk: Walk,
  ids: ReadonlySet<string>,
  confidence: readonly (typeof CONFIDENCES)[number][],
): Promise<Set<string>> {
  walk.allowance.take(ids.size);
  return new Set((await standingOf(walk.graph, walk.scope, ids, walk.asked.asOf, { confidence })).keys());
}
