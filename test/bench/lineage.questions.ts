import { readFile } from "node:fs/promises";
import neo4j, { type Driver } from "neo4j-driver";
import { EVIDENCE_EDGES } from "../../graph-schema/catalog.js";
import { quantile } from "./figures.kit.js";
import type { HttpCaller } from "./http.kit.js";
import { addHubs, addLaterVersions, BEFORE_LATER } from "./lineage.hub.js";

/* The questions beside an episode's upstream: each against something else in the same run, on the same store. */

export interface Figure {
  readonly name: string;
  /** Median, in `unit`. */
  readonly value: number;
  readonly unit: "ms" | "MB";
  /** What it is held against: its name and median; null for a figure that stands by itself. */
  readonly against: { readonly name: string; readonly value: number } | null;
  /** Most that the ratio may be, or the value where there is nothing to hold it against; null where none was set. */
  readonly bound: number | null;
}

export interface Ground {
  readonly driver: Driver;
  readonly tenantId: string;
  readonly caller: HttpCaller;
  readonly serverPid: number;
  /** ULIDs of episodes, different ones. */
  readonly episodes: readonly string[];
  /** Queries that the server's memory is watched over. */
  readonly memoryQueries: number;
  progress(text: string): void;
}

/** One side of a comparison: what is asked, timed from the question to the decoded answer. */
interface Ask {
  readonly name: string;
  ask(id: string): Promise<unknown>;
}
interface Comparison {
  readonly ours: Ask;
  readonly other: Ask | null;
  readonly bound: number | null;
  readonly ids: readonly string[];
}

const NODES = "nodes { __typename id title validFrom validTo version }";
const EDGES = "edges { type from to validFrom validTo openedBy }";
const LINEAGE = `query ($id: ID!, $direction: LineageDirection!, $depth: Int!, $asOf: DateTime, $first: Int! = 5000) {
  lineage(id: $id, direction: $direction, depth: $depth, asOf: $asOf, first: $first) { ${NODES} ${EDGES} total asOf }
}`;
const PAGE = `query ($id: ID!, $depth: Int!) {
  lineage(id: $id, direction: DOWNSTREAM, depth: $depth) { ${NODES} ${EDGES} hiddenByNode { id count } shown }
}`;
const COUNT = `query ($id: ID!) { lineage(id: $id, direction: DOWNSTREAM, depth: 1) { total totalIsExact } }`;
const HIDDEN = `query ($id: ID!) {
  lineage(id: $id, direction: DOWNSTREAM, depth: 1, first: 1) { total totalIsExact hiddenByNode { count } }
}`;
const DIFF = `query ($id: ID!, $from: DateTime!, $to: DateTime!) {
  lineageDiff(id: $id, direction: UPSTREAM, depth: 6, from: $from, to: $to) {
    changed { nodeCount nodes { id by why properties { name before after } } } added { nodeCount } removed { nodeCount }
  }
}`;
const HISTORY = `query ($id: ID!) {
  history(id: $id) { edges { node { kind at by why relation { type from to } } } pageInfo { endCursor } }
}`;
const PATHS = `query ($from: ID!, $to: ID!) {
  paths(from: $from, to: $to) { paths { direction length ${NODES} ${EDGES} } total totalIsExact }
}`;
const SELECT = `query ($expression: String!) { select(expression: $expression, first: 5000) { ${NODES} ${EDGES} total asOf } }`;
const WEAKEST = `query { weakest(first: 20) { totalCount edges { node { claim { id } risks { kind since by } } } } }`;

const holds = (x: string) => `${x}.validFrom <= $asOf AND ${x}.validTo > $asOf`;
const arrow = (direction: Direction, edge: string) => (direction === "UPSTREAM" ? `-[${edge}]->` : `<-[${edge}]-`);
type Direction = "UPSTREAM" | "DOWNSTREAM";
const TYPES = EVIDENCE_EDGES.join("|");
const ROW = "[labels(n)[0], n.id, n.title, n.validFrom, n.validTo, n.version]";
const EDGE = "[type(r), a.id, b.id, r.validFrom, r.validTo, r.openedBy]";

/** The same nodes and edges in one query over Bolt. */
const rawLineage = (
  label: string,
  direction: Direction,
  depth: number,
) => `MATCH (root:${label} {tenantId: $tenantId, id: $id})
MATCH (root)${arrow(direction, `path:${TYPES}*0..${depth}`)}(n) WHERE all(r IN path WHERE ${holds("r")})
WITH collect(DISTINCT n) AS nodes
CALL (nodes) { UNWIND nodes AS a MATCH (a)-[r:${TYPES}]->(b) WHERE ${holds("r")} AND b IN nodes RETURN collect(${EDGE}) AS edges }
RETURN [n IN nodes | ${ROW}] AS nodes, edges`;

/** The same page of a hub in the same order, with the same count of hidden neighbours for each node. */
const rawPage = (depth: number) => `MATCH (root:Source {tenantId: $tenantId, id: $id})
MATCH (root)<-[path:${TYPES}*0..${depth}]-(n) WHERE all(r IN path WHERE ${holds("r")})
WITH n, min(size(path)) AS level ORDER BY level, n.id LIMIT 500
WITH collect(n) AS page
CALL (page) {
  UNWIND page AS b OPTIONAL MATCH (b)<-[r:${TYPES}]-(a) WHERE ${holds("r")}
  WITH b, collect(CASE WHEN a IN page THEN ${EDGE} END) AS edges, count(DISTINCT CASE WHEN NOT a IN page THEN a END) AS hidden
  RETURN collect([b.id, hidden, edges]) AS around
}
RETURN [n IN page | ${ROW}] AS nodes, around`;

/** The shortest ways from an episode to the source, with what the answer tells of each; it counts none beyond those. */
const RAW_PATHS = `MATCH (a:Episode {tenantId: $tenantId, id: $id}), (b:Source {tenantId: $tenantId, id: $to})
MATCH p = allShortestPaths((a)-[:${TYPES}*..12]->(b)) WHERE all(r IN relationships(p) WHERE ${holds("r")})
RETURN collect([[n IN nodes(p) | ${ROW}], [r IN relationships(p) | [type(r), startNode(r).id, endNode(r).id, r.validFrom, r.validTo, r.openedBy]]])[0..10] AS paths`;

/** The questions that are measured. Whoever adds a question adds its comparison. */
async function comparisons({ driver, tenantId, caller, episodes }: Ground): Promise<Comparison[]> {
  const hubs = await addHubs(driver, tenantId);
  await addLaterVersions(driver, tenantId, episodes);
  const past = new Date(BEFORE_LATER).toISOString();
  const now = new Date().toISOString();
  const ours = (name: string, document: string, label: string, variables: object): Ask => ({
    name,
    ask: (id) => caller.post(document, { id: `${label}:${id}`, ...variables }),
  });
  const raw = (cypher: string, others?: ReadonlyMap<string, string>): Ask => ({
    name: "raw",
    async ask(id) {
      const session = driver.session({ defaultAccessMode: neo4j.session.READ });
      try {
        return (
          await session.run(cypher, { tenantId, id, to: others?.get(id) ?? null, asOf: neo4j.int(Date.now()) })
        ).records[0]?.toObject();
      } finally {
        await session.close();
      }
    },
  });
  const shape = (label: string, direction: Direction, depth: number, ids: readonly string[]): Comparison => ({
    ours: ours(`${direction.toLowerCase()} of ${label.toLowerCase()}, depth ${depth}`, LINEAGE, label, {
      direction,
      depth,
      asOf: now,
    }),
    other: raw(rawLineage(label, direction, depth)),
    bound: null,
    ids,
  });
  const upstream = { direction: "UPSTREAM", depth: 6 };
  const many = <T>(id: T): T[] => episodes.map(() => id);
  const under = await sourcesUnder(driver, tenantId, episodes);
  const sources = await sourcesOf(driver, tenantId, episodes.length);
  return [
    {
      ours: ours("asOf an instant before later versions", LINEAGE, "Episode", { ...upstream, asOf: past }),
      other: ours("now", LINEAGE, "Episode", upstream),
      bound: 1.1,
      ids: episodes,
    },
    shape("Episode", "UPSTREAM", 1, episodes),
    shape("Episode", "UPSTREAM", 6, episodes),
    shape("Source", "DOWNSTREAM", 1, sources),
    shape("Source", "DOWNSTREAM", 12, sources),
    {
      ours: ours("difference of two instants", DIFF, "Episode", { from: past, to: now }),
      other: {
        name: "the two lineages",
        ask: (id) =>
          Promise.all([past, now].map((asOf) => caller.post(LINEAGE, { id: `Episode:${id}`, ...upstream, asOf }))),
      },
      bound: 1.5,
      ids: episodes,
    },
    {
      ours: {
        name: "paths from an episode to a source",
        ask: (id) => caller.post(PATHS, { from: `Episode:${id}`, to: `Source:${under.get(id)!}` }),
      },
      other: raw(RAW_PATHS, under),
      bound: null,
      ids: episodes,
    },
    {
      ours: {
        name: "select what an episode stands on",
        ask: (id) => caller.post(SELECT, { expression: `+id:Episode:${id}` }),
      },
      other: ours("its lineage", LINEAGE, "Episode", upstream),
      bound: null,
      ids: episodes,
    },
    {
      ours: ours("hub under 10,000 claims, first page", PAGE, "Source", { depth: 3 }),
      other: raw(rawPage(3)),
      bound: 2,
      ids: many(hubs.claims),
    },
    { ours: ours("exact count of 10,000 edges", COUNT, "Source", {}), other: null, bound: 30, ids: many(hubs.edges) },
    {
      ours: ours("the same with what is hidden of each node", HIDDEN, "Source", {}),
      other: null,
      bound: null,
      ids: many(hubs.edges),
    },
    {
      ours: ours("history of the hub, first page", HISTORY, "Source", {}),
      other: null,
      bound: 100,
      ids: many(hubs.edges),
    },
    {
      ours: { name: "weakest claims, first page", ask: () => caller.post(WEAKEST, {}) },
      other: null,
      bound: null,
      // Each looks at every claim of the studio.
      ids: episodes.slice(0, 10),
    },
  ];
}

async function sourcesOf(driver: Driver, tenantId: string, most: number): Promise<string[]> {
  const { records } = await driver.executeQuery(
    "MATCH (s:Source {tenantId: $tenantId}) WHERE s.id > '' RETURN s.id AS id ORDER BY s.tenantId, s.id LIMIT $most",
    { tenantId, most: neo4j.int(most) },
    { routing: neo4j.routing.READ },
  );
  return records.map((record) => record.get("id") as string);
}

/** A source under each episode. */
async function sourcesUnder(
  driver: Driver,
  tenantId: string,
  episodes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { records } = await driver.executeQuery(
    `UNWIND $episodes AS id MATCH (e:Episode {tenantId: $tenantId, id: id})-[:${TYPES}*5]->(s:Source) RETURN id, min(s.id) AS source`,
    { tenantId, episodes: [...episodes] },
    { routing: neo4j.routing.READ },
  );
  return new Map(records.map((record) => [record.get("id") as string, record.get("source") as string]));
}

const WARM_UP = 20;

/** Both sides in turns, so that whatever else the machine does meets them alike. */
async function compare({ ours, other, bound, ids }: Comparison): Promise<Figure> {
  const sides = [ours, ...(other === null ? [] : [other])];
  const times = sides.map((): number[] => []);
  for (const id of ids.slice(0, WARM_UP)) for (const side of sides) await side.ask(id).catch(() => {});
  for (const id of ids) {
    for (const [i, side] of sides.entries()) {
      const began = performance.now();
      await side.ask(id);
      times[i]!.push(performance.now() - began);
    }
  }
  const [value, against] = times.map((own) => quantile(own, 0.5));
  return {
    name: ours.name,
    value: value!,
    unit: "ms",
    against: other === null ? null : { name: other.name, value: against! },
    bound,
  };
}

/** Resident memory of the server, in MB. */
async function residentMb(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kb = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kb === undefined ? null : Number(kb) / 1_024;
}

/** The server's memory after the last queries against its memory after the first fifth of them, when all its caches are filled. */
async function memory({ caller, serverPid, episodes, memoryQueries, progress }: Ground): Promise<Figure[]> {
  if ((await residentMb(serverPid)) === null) return [];
  const marks: number[] = [];
  for (let i = 0; i < memoryQueries; i++) {
    if (i % 1_000 === 0) progress(`memory: asked ${i} of ${memoryQueries}`);
    await caller.post(LINEAGE, { id: `Episode:${episodes[i % episodes.length]}`, direction: "UPSTREAM", depth: 6 });
    if (i + 1 === Math.ceil(memoryQueries / 5) || i + 1 === memoryQueries) marks.push((await residentMb(serverPid))!);
  }
  const [early, late] = marks;
  if (early === undefined || late === undefined) return [];
  return [
    {
      name: `server's memory after ${memoryQueries} queries`,
      value: late,
      unit: "MB",
      against: { name: `after ${Math.ceil(memoryQueries / 5)}`, value: early },
      bound: 1.2,
    },
  ];
}

export async function measureQuestions(ground: Ground): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const comparison of await comparisons(ground)) {
    ground.progress(`measuring ${comparison.ours.name}`);
    figures.push(await compare(comparison));
  }
  return [...figures, ...(await memory(ground))];
}

/** A line: the figure, its ratio, the bound, and whether it holds. */
export function tellFigure({ name, value, unit, against, bound }: Figure): string {
  const held = against === null ? value : value / against.value;
  const ratio = against === null ? "" : `  ${against.name} ${against.value.toFixed(2)} ${unit}  ${held.toFixed(2)}x`;
  const most = against === null ? `${bound} ${unit}` : `${bound}x`;
  const verdict = bound === null ? "" : `  (bound ${most}: ${held <= bound ? "held" : "MISSED"})`;
  return `${name}  ${value.toFixed(2)} ${unit}${ratio}${verdict}`;
}
