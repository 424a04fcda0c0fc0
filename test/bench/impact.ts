import { parseArgs } from "node:util";
import neo4j, { type Driver } from "neo4j-driver";
import { EVIDENCE_EDGES } from "../../graph-schema/catalog.js";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { toDriverValue } from "../../server/graph/values.js";
import { ms, quantile, times } from "./figures.kit.js";
import { httpCaller } from "./http.kit.js";
import { startInstallation, withResources } from "./installation.kit.js";
import { addHubs } from "./lineage.hub.js";
import { openDriver } from "./lineage.raw.js";
import { BORN } from "./lineage.store.js";

const HELP = `bench impact [--questions N] [--episodes N] [--json]
What stands on a source under 10,000 claims: the first page over HTTP, against one query over Bolt with the same order and count;
and \`impact\`, against one query that counts and lists the same.
  --questions N   how often each side is asked, in turns (100)
  --episodes N    live episodes that state the claims, a hundred claims each (100)
  --json          all figures as JSON`;

const WARM_UP = 15;
const PAGE_SIZE = 500;
const MOST = 2;

function options(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        questions: { type: "string", default: "100" },
        episodes: { type: "string", default: "100" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw usageError(`--${name} takes a whole number from 1 to ${most}.`);
  return value;
}

const holds = (x: string) => `${x}.validFrom <= $asOf AND ${x}.validTo > $asOf`;
const ROW = "[labels(n)[0], n.id, n.title, n.validFrom, n.validTo, n.version]";
/** What carries: neither what speaks against a claim nor what was only considered for it. */
const CARRIES = EVIDENCE_EDGES.filter((type) => type !== "CONTRADICTED_BY" && type !== "CONSIDERED").join("|");

const PAGE = `query ($id: ID!) {
  lineage(id: $id, direction: DOWNSTREAM, depth: 5, first: ${PAGE_SIZE}) {
    nodes { __typename id title validFrom validTo version } shown total totalIsExact
  }
}`;
const RAW_PAGE = `MATCH (root:Source {tenantId: $tenantId, id: $id})
MATCH (root)<-[path:${EVIDENCE_EDGES.join("|")}*0..5]-(n) WHERE all(r IN path WHERE ${holds("r")})
WITH n, min(size(path)) AS level ORDER BY level, n.id
WITH collect(n) AS found
RETURN [n IN found[0..${PAGE_SIZE}] | ${ROW}] AS nodes, size(found) AS total`;

const IMPACT = `query ($id: ID!) {
  impact(id: $id) {
    totals { label count } liveEpisodeCount liveEpisodes { id title } claimsLosingSupportCount claimsLosingSupport { id title }
  }
}`;
const RAW_IMPACT = `MATCH (root:Source {tenantId: $tenantId, id: $id})
MATCH (root)<-[path:${CARRIES}*1..16]-(n) WHERE all(r IN path WHERE ${holds("r")})
WITH n, min(size(path)) AS level ORDER BY level, n.id LIMIT 10000
WITH collect(n) AS found
CALL (found) { UNWIND found AS n WITH labels(n)[0] AS label, count(n) AS count ORDER BY label RETURN collect([label, count]) AS totals }
CALL (found) {
  UNWIND [n IN found WHERE n:Episode AND n.status IN ["PUBLISHED", "CORRECTED"]] AS n WITH n ORDER BY n.id
  RETURN collect([n.id, n.title]) AS live
}
CALL (found) {
  UNWIND [n IN found WHERE n:Claim] AS c
  MATCH (c)-[r:SUPPORTED_BY]->(f:Fact) WHERE ${holds("r")}
  WITH c, count(CASE WHEN NOT f IN found THEN f END) AS left WHERE left = 0
  WITH c ORDER BY c.id
  RETURN collect([c.id, c.title]) AS losing
}
RETURN totals, size(live) AS liveCount, live[0..500] AS live, size(losing) AS losingCount, losing[0..500] AS losing`;

/** Live episodes that state the hub's claims, a hundred each. */
async function addEpisodes(driver: Driver, tenantId: string, source: string, count: number): Promise<void> {
  await driver.executeQuery(
    `MATCH (:Source {tenantId: $tenantId, id: $source})<-[:CAPTURED_FROM]-()<-[:QUOTED_FROM]-()<-[:SUPPORTED_BY]-(c:Claim)
WITH c ORDER BY c.id
WITH collect(c) AS claims
UNWIND range(1, $count) AS n
WITH n, claims[((n - 1) * 100) % size(claims)..((n - 1) * 100) % size(claims) + 100] AS stated,
  "00000000000000000000E" + right("00000" + toString(n), 5) AS id,
  {validFrom: $at, validTo: $forever, version: 1, versionFrom: $at, versionBy: "bench/impact"} AS life
CREATE (e:Episode {tenantId: $tenantId, id: id, title: "Episode " + n, status: "PUBLISHED"}) SET e += life
CREATE (s:Scene {tenantId: $tenantId, id: id, title: "Scene " + n, ordinal: 1}) SET s += life
CREATE (e)-[:HAS_SCENE {validFrom: $at, validTo: $forever, openedBy: "bench/impact"}]->(s)
WITH s, stated
UNWIND stated AS c
CREATE (s)-[:STATES {validFrom: $at, validTo: $forever, openedBy: "bench/impact"}]->(c)`,
    toDriverValue({ tenantId, source, count, at: BORN, forever: 253_402_300_799_999 }) as Record<string, unknown>,
  );
}

interface Pair {
  readonly name: string;
  ours(): Promise<unknown>;
  raw(): Promise<unknown>;
  /** Throws where the two differ. */
  check(ours: never, raw: never): void;
}

async function medians({ ours, raw, check, name }: Pair, questions: number) {
  for (let i = 0; i < WARM_UP; i++) for (const ask of [ours, raw]) await ask().catch(() => {});
  check((await ours()) as never, (await raw()) as never);
  const [mine, theirs]: [number[], number[]] = [[], []];
  for (let i = 0; i < questions; i++) {
    const turns: readonly (readonly [() => Promise<unknown>, number[]])[] = [
      [ours, mine],
      [raw, theirs],
    ];
    for (const [ask, told] of i % 2 === 0 ? turns : turns.toReversed()) {
      const began = performance.now();
      await ask();
      told.push(performance.now() - began);
    }
  }
  const [oursP50, rawP50] = [quantile(mine, 0.5), quantile(theirs, 0.5)];
  return { name, oursP50, oursP95: quantile(mine, 0.95), rawP50, ratio: oursP50 / rawP50, bound: MOST };
}

const same = (what: string, ours: unknown, raw: unknown): void => {
  if (JSON.stringify(ours) !== JSON.stringify(raw)) throw new Error(`${what} differ between the two sides`);
};
const bare = (id: string): string => id.slice(id.indexOf(":") + 1);

export async function run(argv: readonly string[]): Promise<void> {
  const given = options(argv);
  if (given.help) return print(HELP);
  const questions = whole("questions", given.questions, 10_000);
  const episodes = whole("episodes", given.episodes, 5_000);
  const figures = await withResources(async (keep) => {
    const { tenantId, url, token, database } = keep(await startInstallation());
    const driver = openDriver(database);
    keep({ stop: () => driver.close() });
    say("a source under 10,000 claims");
    const { claims: id } = await addHubs(driver, tenantId);
    await addEpisodes(driver, tenantId, id, episodes);
    const caller = httpCaller(`${url}/graphql`, token);
    keep({ stop: async () => caller.close() });
    const ask = (document: string) => () => caller.post(document, { id: `Source:${id}` });
    const bolt = (cypher: string) => async () => {
      const session = driver.session({ defaultAccessMode: neo4j.session.READ });
      try {
        const asked = { tenantId, id, asOf: neo4j.int(Date.now()) };
        return (await session.run(cypher, asked)).records[0]!.toObject();
      } finally {
        await session.close();
      }
    };
    type Node = { readonly id: string };
    const pairs: Pair[] = [
      {
        name: "first page of what stands on the source",
        ours: ask(PAGE),
        raw: bolt(RAW_PAGE),
        check: (
          ours: { lineage: { nodes: Node[]; total: number; totalIsExact: boolean } },
          raw: { nodes: string[][]; total: number },
        ) => {
          same(
            "the pages",
            ours.lineage.nodes.map((node) => bare(node.id)),
            raw.nodes.map((row) => row[1]),
          );
          // Beyond these a total is a lower bound, and says so.
          same("the totals", ours.lineage.total, ours.lineage.totalIsExact ? raw.total : Math.min(raw.total, 10_000));
        },
      },
      {
        name: "impact of the source",
        ours: ask(IMPACT),
        raw: bolt(RAW_IMPACT),
        check: (
          ours: { impact: { claimsLosingSupport: Node[]; claimsLosingSupportCount: number; liveEpisodes: Node[] } },
          raw: { losing: string[][]; losingCount: number; live: string[][] },
        ) => {
          same(
            "claims",
            ours.impact.claimsLosingSupport.map((node) => bare(node.id)),
            raw.losing.map((row) => row[0]),
          );
          same(
            "live episodes",
            ours.impact.liveEpisodes.map((node) => bare(node.id)),
            raw.live.map((row) => row[0]),
          );
          same("counts", ours.impact.claimsLosingSupportCount, raw.losingCount);
        },
      },
    ];
    const told = [];
    for (const pair of pairs) {
      say(`asking for the ${pair.name}`);
      told.push(await medians(pair, questions));
    }
    return told;
  });
  if (given.json) return print(JSON.stringify({ questions, episodes, figures }));
  for (const { name, oursP50, oursP95, rawP50, ratio, bound } of figures)
    print(
      `${name}: p50 ours ${ms(oursP50)} ms (p95 ${ms(oursP95)} ms), raw ${ms(rawP50)} ms, ${times(ratio)} (bound ${bound}x: ${ratio <= bound ? "held" : "MISSED"})`,
    );
}
