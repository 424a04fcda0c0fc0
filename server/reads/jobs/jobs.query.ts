import type { Instant } from "../../../graph-schema/time.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { leasesQuery, type LeaseRow } from "../../jobs/lease.query.js";
import { countRunsQuery, findRun, findRuns, runsQuery, type RunRow } from "../../jobs/run.query.js";

/** Rows of a history are counted exactly up to here. */
const EXACT_COUNT = 10_000;
/** Stands behind every instant. */
const END = "~";

/** A job of the tenant as it stands in the graph, where whoever runs jobs told of it. */
export interface JobFace {
  readonly name: string;
  readonly description: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly lastRun: RunRow | null;
  readonly nextRun: Instant | null;
  readonly lagMs: number;
  readonly holder: string | null;
}

/** The jobs of a tenant, by name. */
export async function readJobs(graph: Graph, scope: Scope): Promise<JobFace[]> {
  const [row] = await graph.read(scope, leasesQuery, {});
  const leases = row?.leases ?? [];
  const now = row?.now ?? 0;
  const names = leases.flatMap(({ lastRun }) => (lastRun === null ? [] : [lastRun]));
  const runs = new Map((await graph.read(scope, findRuns, { names })).map((run) => [run.name, run]));
  return leases
    .map((lease) => ({
      name: lease.job,
      description: lease.description ?? "",
      schedule: lease.schedule ?? "",
      timeZone: lease.timeZone ?? "UTC",
      lastRun: runs.get(lease.lastRun ?? "") ?? null,
      nextRun: lease.nextAt,
      lagMs: lagOf(lease, now),
      holder: lease.until > now ? lease.holder : null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How long the oldest thing that is due has waited: an open run, or a tick that nobody took notice of. */
function lagOf({ open, nextAt }: LeaseRow, now: Instant): number {
  const waiting = [open[0] === undefined ? null : instantOf(open[0]), nextAt].filter((at) => at !== null);
  return Math.max(0, ...waiting.map((at) => now - at));
}

const instantOf = (run: string): Instant => Date.parse(run.slice(run.lastIndexOf("/") + 1));

export async function readRun(graph: Graph, scope: Scope, name: string): Promise<RunRow | null> {
  return (await graph.read(scope, findRun, { name }))[0] ?? null;
}

const prefixOf = (scope: Scope, job: string): string => `job/${job}/${scope.tenantId}/`;

/** Where a run stands in its job's history: its instant as its name has it. */
export const placeOf = (scope: Scope, { job, name }: RunRow): string => name.slice(prefixOf(scope, job).length);

/** A page of a job's history, newest first. An unknown job's is empty. */
export async function readRuns(
  graph: Graph,
  scope: Scope,
  question: { readonly job: string; readonly before: string | null; readonly first: number },
): Promise<{ runs: RunRow[]; more: boolean }> {
  const prefix = prefixOf(scope, question.job);
  const before = `${prefix}${question.before ?? END}`;
  const rows = await graph.read(scope, runsQuery, { prefix, before, limit: question.first + 1 });
  return { runs: rows.slice(0, question.first), more: rows.length > question.first };
}

export async function countRuns(graph: Graph, scope: Scope, job: string): Promise<{ count: number; exact: boolean }> {
  const prefix = prefixOf(scope, job);
  const [row] = await graph.read(scope, countRunsQuery, { prefix, before: `${prefix}${END}`, limit: EXACT_COUNT + 1 });
  const count = row?.count ?? 0;
  return { count: Math.min(count, EXACT_COUNT), exact: count <= EXACT_COUNT };
}
