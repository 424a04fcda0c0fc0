import { z } from "zod";
import type { NodeLabel } from "../../graph-schema/catalog.js";
import { systemCaller } from "../../server/commands/caller.js";
import { execute } from "../../server/commands/execute.js";
import { dropOldResults, RESULT_DAYS } from "../../server/domains/operation/results.service.js";
import type { Scope } from "../../server/graph/graph.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import { testGraph } from "./graph.js";
import { testOffice } from "./office.js";
import { operationId } from "./tenant.js";

/*
 * What stands in the store beside the API's answers: the write path's own records, and how many nodes there are.
 */

const strings = z.record(z.string(), z.unknown());
const query = (name: string, cypher: string) =>
  defineQuery({
    name,
    mode: "read",
    scope: "tenant",
    params: params<Record<string, never>>(),
    cypher,
    row: z.object({ row: strings }),
  });

const operations = query(
  "testOperations",
  `MATCH (o:Operation {tenantId: $tenantId}) RETURN properties(o) AS row ORDER BY o.operationId`,
);
const audit = query(
  "testAudit",
  `MATCH (a:AuditEntry {tenantId: $tenantId}) RETURN a {.*, unsealed: a:Unsealed} AS row ORDER BY a.at, a.id`,
);
const events = query(
  "testEvents",
  `MATCH (e:OutboxEvent {tenantId: $tenantId}) RETURN properties(e) AS row ORDER BY e.at, e.id`,
);
/** What the server counted of the tenant's requests, a row for each process and day. */
const usage = query("testUsage", `MATCH (u:Usage {tenantId: $tenantId}) RETURN properties(u) AS row ORDER BY u.id`);
const nodes = query(
  "testNodes",
  `MATCH (n {tenantId: $tenantId}) WHERE NOT n:Operation AND NOT n:AuditEntry AND NOT n:OutboxEvent AND NOT n:Usage
WITH labels(n)[0] AS label, count(n) AS nodes, sum(COUNT { (n)-->() }) AS edges ORDER BY label
RETURN {label: label, nodes: nodes, edges: edges} AS row`,
);

export type Row = Readonly<Record<string, unknown>>;
const rows = async (scope: Scope, wanted: ReturnType<typeof query>): Promise<Row[]> =>
  (await testGraph().read(scope, wanted, {})).map(({ row }) => row);

export interface Records {
  readonly operations: readonly Row[];
  readonly audit: readonly Row[];
  readonly events: readonly Row[];
}

/** Everything that the write path noted of a tenant. */
export async function recordsOf(scope: Scope): Promise<Records> {
  return {
    operations: await rows(scope, operations),
    audit: await rows(scope, audit),
    events: await rows(scope, events),
  };
}

/** Of one operation. */
export async function recordsOfOperation(scope: Scope, operationId: string): Promise<Records> {
  const all = await recordsOf(scope);
  const its = (list: readonly Row[]) => list.filter((row) => row.operationId === operationId);
  return { operations: its(all.operations), audit: its(all.audit), events: its(all.events) };
}

/** How many nodes and outgoing edges the tenant has, by label; without the write path's records. */
export const contentOf = (scope: Scope): Promise<Row[]> => rows(scope, nodes);

export const usageOf = (scope: Scope): Promise<Row[]> => rows(scope, usage);

export async function countNodes(scope: Scope, label: NodeLabel): Promise<number> {
  const found = (await contentOf(scope)).find((row) => row.label === label);
  return found === undefined ? 0 : Number(found.nodes);
}

const age = defineQuery({
  name: "testAgeOperations",
  mode: "write",
  scope: "tenant",
  params: params<{ days: number }>(),
  cypher: `MATCH (o:Operation {tenantId: $tenantId}) SET o.at = o.at - $days * 86400000`,
  row: noRow,
});

/** As after a month: the results of all that the tenant's operations did so far are dropped, by the command that does it. */
export async function dropResultsOf(scope: Scope): Promise<void> {
  await testGraph().write(scope, (tx) => tx.run(age, { days: RESULT_DAYS + 1 }));
  const input = { operationId: operationId(), reason: "a test" };
  const executed = await execute(testOffice(), dropOldResults, systemCaller(scope.tenantId), input);
  if (!executed.ok || executed.result.dropped === 0)
    throw new Error(`nothing was dropped: ${JSON.stringify(executed)}`);
}
