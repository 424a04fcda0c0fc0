import type { Driver } from "neo4j-driver";

/** A stage's tries that were done, with how long each took from its beginning to its record, by the database's clock. */
export interface StageTime {
  readonly stage: string;
  readonly ms: number;
  /** Of that the executor. */
  readonly executorMs: number;
}

export interface Counted {
  readonly done: number;
  readonly stageTimes: readonly StageTime[];
  /** Stages that lost their process and were begun again. */
  readonly begunAgain: number;
  /** Tries that failed and were followed by others. */
  readonly retried: number;
  /** Everything that isn't as it must be; empty when nothing was lost and nothing doubled. */
  readonly faults: readonly string[];
}

/** What stands on the graph, read past our own code: each run done once, and each thing that a run makes there once. */
export async function count(driver: Driver, tenantId: string, runIds: readonly string[]): Promise<Counted> {
  const ids = runIds.map((id) => id.slice(id.indexOf(":") + 1));
  const ask = async (cypher: string): Promise<Record<string, unknown>[]> =>
    (await driver.executeQuery(cypher, { tenantId, ids })).records.map((record) => record.toObject());
  const faults: string[] = [];
  const runs = await ask(
    "MATCH (r:PipelineRun {tenantId: $tenantId}) RETURN r.id AS id, r.status AS status, r.problem AS problem, [(r)<-[:PRODUCED_BY]-(e:Episode) | e.id] AS episodes",
  );
  const known = new Map(runs.map((run) => [run.id as string, run]));
  for (const id of ids) {
    const run = known.get(id);
    if (run === undefined) faults.push(`run ${id} is lost`);
    else if (run.status !== "DONE") faults.push(`run ${id} is ${String(run.status)}: ${String(run.problem)}`);
    else if ((run.episodes as string[]).length !== 1)
      faults.push(`run ${id} made ${(run.episodes as string[]).length} episodes`);
  }
  if (runs.length !== ids.length) faults.push(`${runs.length} runs stand, ${ids.length} were started`);
  const tries = await ask(
    "MATCH (s:StageRun {tenantId: $tenantId}) WHERE s.id > '' RETURN s.runId AS run, s.stage AS stage, s.status AS status, s.starts AS starts, s.startedAt AS startedAt, s.finishedAt AS finishedAt, s.latencyMs AS latencyMs",
  );
  const done = tries.filter(({ status }) => status === "DONE");
  const once = new Set(done.map(({ run, stage }) => `${String(run)} ${String(stage)}`));
  if (once.size !== done.length) faults.push(`${done.length - once.size} stages were done twice`);
  const doubled = async (what: string, cypher: string): Promise<void> => {
    for (const { id, n } of await ask(cypher)) faults.push(`${String(id)} has ${String(n)} ${what}`);
  };
  const episodes = "MATCH (e:Episode {tenantId: $tenantId}) WHERE e.id > ''";
  await doubled(
    "episodes",
    `${episodes} MATCH (e)-[:ABOUT]->(t:Topic) WITH t.id AS id, count(e) AS n WHERE n <> 1 RETURN id, n`,
  );
  await doubled(
    "proposals",
    `${episodes} WITH e.id AS id, COUNT { (e)<-[:PROPOSES]-() } AS n WHERE n <> 1 RETURN id, n`,
  );
  await doubled(
    "decisions",
    `${episodes} WITH e.id AS id, COUNT { (e)<-[:ABOUT]-(:Decision) } AS n WHERE n <> 1 RETURN id, n`,
  );
  await doubled(
    "scenes of one number",
    `${episodes} MATCH (e)-[:HAS_SCENE]->(s:Scene) WITH e.id AS id, s.ordinal AS ordinal, count(s) AS n WHERE n <> 1 RETURN id, n`,
  );
  await doubled(
    "edges to one fact",
    "MATCH (c:Claim {tenantId: $tenantId})-[r:SUPPORTED_BY|CONSIDERED]->(f:Fact) WHERE c.id > '' WITH c.id AS id, f.id AS fact, count(r) AS n WHERE n <> 1 RETURN id, n",
  );
  const gaps = await ask(`${episodes} AND COUNT { (e)-[:HAS_SCENE]->() } = 0 RETURN e.id AS id`);
  for (const { id } of gaps) faults.push(`episode ${String(id)} has no scene`);
  return {
    done: runs.filter(({ status }) => status === "DONE").length,
    stageTimes: done.map(({ stage, startedAt, finishedAt, latencyMs }) => ({
      stage: stage as string,
      ms: (finishedAt as number) - (startedAt as number),
      executorMs: (latencyMs as number | null) ?? 0,
    })),
    begunAgain: tries.filter(({ starts }) => (starts as number) > 1).length,
    retried: tries.filter(({ status }) => status === "FAILED").length,
    faults,
  };
}
