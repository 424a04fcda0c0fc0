import type { AnyQuery } from "../../server/graph/query.js";

/*
 * What the database makes of a query's text, and what is wrong with that. The plan is judged by a list of what may be in
 * it, so that an operator nobody thought of fails the query instead of passing it.
 */

/** One operator of a plan, as the driver gives it. */
export interface Plan {
  readonly operatorType: string;
  readonly identifiers: readonly string[];
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly children: readonly Plan[];
}

/** Operators that bring no node of their own: they only pass on, join or change what their children brought. */
const HARMLESS = new Set([
  "ProduceResults",
  "EmptyResult",
  "Projection",
  "Distinct",
  "OrderedDistinct",
  "Filter",
  "Limit",
  "ExhaustiveLimit",
  "Skip",
  "Eager",
  "EagerAggregation",
  "OrderedAggregation",
  "Union",
  "CacheProperties",
  "Sort",
  "PartialSort",
  "Top",
  "PartialTop",
  "Unwind",
  "EmptyRow",
  "Argument",
  "Apply",
  // Both of its sides begin with seeks, or they are found below.
  "NodeHashJoin",
  "SemiApply",
  "AntiSemiApply",
  "LetSemiApply",
  "SelectOrSemiApply",
  "RollUpApply",
  "Optional",
  "Expand(All)",
  "Expand(Into)",
  "OptionalExpand(All)",
  "OptionalExpand(Into)",
  "VarLengthExpand(Pruning,BFS,All)",
  "VarLengthExpand(All)",
  "VarLengthExpand(Into)",
  "Create",
  "Merge",
  "LockingMerge",
  "Foreach",
  "SetLabels",
  "RemoveLabels",
  "SetProperty",
  "SetProperties",
  "SetNodePropertiesFromMap",
  "SetRelationshipPropertiesFromMap",
]);

const UNIQUE_SEEK = /^NodeUniqueIndexSeek(\(Locking\))?$/;
/** The same in an index that isn't unique: what is found by its state or time. */
const SEEK = /^Node(?:Unique)?IndexSeek(\(Locking\))?$/;
/** A look-up in an index of ours whose first column is the tenant, pinned to the caller's. */
const TENANT_SEEK = /^(?:UNIQUE|RANGE INDEX) (\w+):\w+\(tenantId, \w+\) WHERE tenantId = \$tenantId( AND .*)?$/s;
const EXACT_TENANT_SEEK = /^UNIQUE (\w+):\w+\(tenantId, (\w+)\) WHERE tenantId = \$tenantId AND \2 = /s;
/** The sub-queries that the planner leaves inside an expression: only the revisions of a node that is at hand. */
const NESTED = /(?:COLLECT|EXISTS|COUNT) \{/g;
const REVISIONS_OF =
  /COLLECT \{ MATCH \(`?past`?\)-\[`?anon_\d+`?:REVISION_OF\]->\(`?(\w+)`?\)\s+WHERE `?past`?:Revision AND `?past`?\.validFrom <= \$asOf AND `?past`?\.validTo > \$asOf RETURN `?past`? AS `anon_\d+` \}/g;

const nameOf = (plan: Plan): string => plan.operatorType.replace(/@neo4j$/, "");
const detailsOf = (plan: Plan): string => (typeof plan.arguments.Details === "string" ? plan.arguments.Details : "");

export const operators = (plan: Plan): Plan[] => [plan, ...plan.children.flatMap(operators)];
export const has = (plan: Plan, name: RegExp): boolean =>
  operators(plan).some((operator) => name.test(nameOf(operator)));

/** Names of nodes that a tenant's seek found or that were made in the tenant. */
function atHome(plan: Plan): Set<string> {
  const names = new Set<string>();
  for (const operator of operators(plan)) {
    const details = detailsOf(operator);
    const sought = SEEK.test(nameOf(operator)) ? TENANT_SEEK.exec(details)?.[1] : undefined;
    if (sought !== undefined) names.add(sought);
    if (/^(Create|Merge)$/.test(nameOf(operator))) {
      for (const [, name] of details.matchAll(/\((\w+):[\w:]+ \{tenantId: \$tenantId\b/g)) names.add(name!);
    }
  }
  return names;
}

function seekProblem(operator: Plan): string[] {
  const name = nameOf(operator);
  if (!/Scan|Seek/.test(name)) return [];
  if (SEEK.test(name) && TENANT_SEEK.test(detailsOf(operator))) return [];
  return [`${name} doesn't begin with the tenant: ${detailsOf(operator)}`];
}

/** Nodes are made in the tenant, and nothing moves them. */
function creationProblems(operator: Plan): string[] {
  const name = nameOf(operator);
  const details = detailsOf(operator);
  if (/^Set/.test(name) && /\.tenantId = /.test(details)) return [`${name} sets a tenant: ${details}`];
  if (!/^(Create|Merge|LockingMerge|Foreach)$/.test(name)) return [];
  // A list to go through is an expression; what is made stands behind it.
  const known = new Set(operator.children.flatMap((child) => child.identifiers));
  const problems: string[] = [];
  for (const [pattern, node, labels, properties] of details.matchAll(
    /(?<![\w)])\((\w+)((?::\w+)*)(?: \{([^}]*)\})?\)/g,
  )) {
    if (labels === "" && properties === undefined && known.has(node!)) continue;
    if (/^LOCK$/.test(node!)) continue;
    if (!/^tenantId: \$tenantId(,|$)/.test(properties ?? ""))
      problems.push(`${name} makes ${pattern} outside the tenant`);
    known.add(node!);
  }
  return problems;
}

/** A node that is picked by its identity is picked by all of it, wherever in the plan that happens. */
function identityProblems(operator: Plan, home: ReadonlySet<string>): string[] {
  if (!/^(Filter|(Optional)?Expand)/.test(nameOf(operator))) return [];
  const details = detailsOf(operator);
  const picked = [...details.matchAll(/\b(\w+)\.(?:id|key|sha256|operationId) = /g)].map(([, name]) => name!);
  return picked
    .filter((name) => !home.has(name) && !details.includes(`${name}.tenantId = $tenantId`))
    .map((name) => `${name} is picked without its tenant: ${details}`);
}

function nestedProblems(operator: Plan): string[] {
  const details = detailsOf(operator);
  const nested = [...details.matchAll(NESTED)].length;
  const allowed = [...details.matchAll(REVISIONS_OF)].filter(([, anchor]) => {
    const bound = operator.children.some((child) => child.identifiers.includes(anchor!));
    return bound || details.includes(`[${anchor} IN `);
  }).length;
  return nested === allowed ? [] : [`${nameOf(operator)} hides a sub-query: ${details}`];
}

/** What is read, without that its properties are kept at hand: with other statistics the planner does that in between. */
function uncached(operator: Plan): Plan {
  const [child] = operator.children;
  return nameOf(operator) === "CacheProperties" && child !== undefined ? uncached(child) : operator;
}

function cartesianProblems(operator: Plan): string[] {
  if (nameOf(operator) !== "CartesianProduct") return [];
  const loose = operator.children
    .map(uncached)
    .filter((child) => !UNIQUE_SEEK.test(nameOf(child)) || !EXACT_TENANT_SEEK.test(detailsOf(child)));
  return loose.map((child) => `CartesianProduct over ${nameOf(child)}: ${detailsOf(child)}`);
}

/** The full-text call, with the wall directly behind it. */
const FULL_TEXT = /^db\.index\.fulltext\.queryNodes\(/;
function procedureProblems(operator: Plan, above: Plan | undefined, mayCallFullText: boolean): string[] {
  if (nameOf(operator) !== "ProcedureCall") return [];
  const details = detailsOf(operator);
  const walled =
    above !== undefined &&
    nameOf(above) === "Filter" &&
    / AND n\.tenantId = \$tenantId AND /.test(` AND ${detailsOf(above)} AND `);
  if (
    mayCallFullText &&
    walled &&
    FULL_TEXT.test(details) &&
    /\(n :: NODE, /.test(details) &&
    operator.children.length === 0
  )
    return [];
  return [`ProcedureCall: ${details}`];
}

const KNOWN_OTHERS = /^(ProcedureCall|CartesianProduct|NodeUniqueIndexSeek(\(Locking\))?)$/;

/** All that keeps a plan from being one tenant's; empty when nothing does. */
export function tenantProblems(plan: Plan, options: { mayCallFullText: boolean; mayDelete?: boolean }): string[] {
  const home = atHome(plan);
  const walk = (operator: Plan, above?: Plan): string[] => {
    const name = nameOf(operator);
    const unknown =
      HARMLESS.has(name) ||
      (options.mayDelete === true && name === "DetachDelete") ||
      KNOWN_OTHERS.test(name) ||
      /Scan|Seek/.test(name)
        ? []
        : [`nobody vouches for ${name}`];
    return [
      ...unknown,
      ...seekProblem(operator),
      ...creationProblems(operator),
      ...identityProblems(operator, home),
      ...nestedProblems(operator),
      ...cartesianProblems(operator),
      ...procedureProblems(operator, above, options.mayCallFullText),
      ...operator.children.flatMap((child) => walk(child, operator)),
    ];
  };
  return walk(plan);
}

/** The text as often as it names the tenant, each time without it there. */
export function mutants(cypher: string): string[] {
  // In a pattern the property goes; in a condition, what is always true takes its place.
  const places = [...cypher.matchAll(/tenantId: \$tenantId(, )?|\b\w+\.tenantId = \$tenantId/g)];
  return places.map((place) => {
    const [found] = place;
    const put = found.startsWith("tenantId:") ? "" : "true";
    return (cypher.slice(0, place.index) + put + cypher.slice(place.index + found.length)).replace(/ \{\}/, "");
  });
}

/** Runs `work` on each item, a few at a time. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** Names that aren't unique, in the order of the list. */
export const duplicates = (queries: readonly AnyQuery[]): string[] =>
  queries.map((query) => query.name).filter((name, i, all) => all.indexOf(name) !== i);
