import { draw, seededRandom } from "./figures.kit.js";
import { httpCaller } from "./http.kit.js";
import { startInstallation } from "./installation.kit.js";
import { fingerprint } from "./lineage.answer.js";
import { distinctNodes, NEO4J_GRAPHQL_DOCUMENT, startNeo4jGraphql } from "./lineage.neo4j-graphql.js";
import { DOCUMENT, ourAnswer } from "./lineage.ours.js";
import { askRaw, openDriver, rawAnswer, type Encoding } from "./lineage.raw.js";
import { measureQuestions, type Figure, type Ground } from "./lineage.questions.js";
import { ANSWER, episodeIds, fillStore } from "./lineage.store.js";

const SEED = 20_261_121;
/** Questions that one side is asked in a row, before it is another side's turn. */
const BLOCK = 25;
const WARM_UP = 150;

type SideName = "ours" | "lists" | "maps" | "neo4jGraphql";

interface Side {
  /** What is timed: from the question to the decoded answer. */
  ask(id: string): Promise<unknown>;
  /** Holds an answer against what the first side said of the same episode. */
  check(id: string, answer: unknown): void;
}

interface Store {
  readonly nodes: number;
  readonly episodes: number;
  readonly warmUp: readonly string[];
  readonly questions: readonly string[];
  readonly sides: Readonly<Record<SideName, Side>>;
  readonly timings: Record<SideName, number[]>;
  readonly ground: Ground;
  readonly answerBytes: () => number;
  readonly equalAnswers: () => number;
}

export interface StoreFigures {
  readonly nodes: number;
  readonly episodes: number;
  readonly questions: number;
  /** Episodes for which all sides that answer nodes and edges answered the same. */
  readonly equalAnswers: number;
  readonly answerBytes: number;
  /** Milliseconds of each question. */
  readonly sides: Readonly<Record<SideName, readonly number[]>>;
}

type Keep = <R extends { stop(): Promise<void> }>(resource: R) => R;

/**
 * Asks all sides on all stores in turns of a block each, in another order every round, so that whatever else the machine
 * does meets them alike. Throws when two sides answer differently.
 */
export async function measure(options: {
  sizes: readonly number[];
  homes: readonly (string | undefined)[];
  questions: number;
  /** Episodes that each of the other questions is asked of; none for 0. */
  others: number;
  /** Queries that the server's memory is watched over. */
  memoryQueries: number;
  keep: Keep;
  progress(text: string): void;
}): Promise<{ stores: StoreFigures[]; figures: Figure[] }> {
  const stores: Store[] = [];
  for (const [i, size] of options.sizes.entries())
    stores.push(await openStore({ ...options, size, home: options.homes[i] }));
  const turns = stores.flatMap((store) => (Object.keys(store.sides) as SideName[]).map((name) => ({ store, name })));
  for (const { store, name } of turns) {
    options.progress(`warming up ${name}`);
    // On a busy machine the first plan can take longer than a read may last; the questions that count must all be answered.
    for (const id of store.warmUp) await store.sides[name].ask(id).catch(() => {});
  }
  const longest = Math.max(...stores.map((store) => store.questions.length));
  for (let start = 0; start < longest; start += BLOCK) {
    options.progress(`asked ${start} of ${longest}`);
    turns.push(turns.shift()!);
    for (const { store, name } of turns) await askBlock(store, name, store.questions.slice(start, start + BLOCK));
  }
  // The other questions are asked of the largest store, and last: they change what stands in it.
  const ground = stores.at(-1)?.ground;
  const figures = ground === undefined || options.others === 0 ? [] : await measureQuestions(ground);
  const told = stores.map(({ nodes, episodes, questions, timings, answerBytes, equalAnswers }) => ({
    nodes,
    episodes,
    questions: questions.length,
    equalAnswers: equalAnswers(),
    answerBytes: answerBytes(),
    sides: timings,
  }));
  return { stores: told, figures };
}

async function askBlock(store: Store, name: SideName, ids: readonly string[]): Promise<void> {
  const { ask, check } = store.sides[name];
  for (const id of ids) {
    const began = performance.now();
    const answer = await ask(id);
    store.timings[name].push(performance.now() - began);
    check(id, answer);
  }
}

async function openStore(options: {
  size: number;
  home: string | undefined;
  questions: number;
  others: number;
  memoryQueries: number;
  keep: Keep;
  progress(text: string): void;
}): Promise<Store> {
  const { size, keep, progress } = options;
  progress(`an installation for ${size.toLocaleString("en-US")} nodes`);
  const installation = keep(await startInstallation(options.home));
  const { tenantId, database, url, token } = installation;
  const driver = openDriver(database);
  keep({ stop: () => driver.close() });
  const nodes = await fillStore(driver, tenantId, size, seededRandom(SEED), progress);
  const ids = await episodeIds(driver, tenantId);
  const asOf = Date.now();
  const ours = httpCaller(`${url}/graphql`, token);
  const theirServer = keep(await startNeo4jGraphql(database));
  const theirs = httpCaller(theirServer.url);
  keep({ stop: async () => [ours, theirs].forEach((caller) => caller.close()) });

  const seen = new Map<string, { print: string; sides: number }>();
  let answerBytes = 0;
  const agree = (id: string, print: string): void => {
    const before = seen.get(id);
    if (before !== undefined && before.print !== print)
      throw new Error(`two sides answer differently for episode ${id}`);
    seen.set(id, { print, sides: (before?.sides ?? 0) + 1 });
  };
  const raw = (encoding: Encoding): Side => ({
    ask: (id) => askRaw(driver, encoding, { tenantId, id, asOf }),
    check: (id, answer) => agree(id, fingerprint(rawAnswer(encoding, answer as Parameters<typeof rawAnswer>[1]))),
  });
  return {
    nodes,
    episodes: ids.length,
    questions: draw(ids, options.questions, seededRandom(SEED)),
    // Other ones where there are enough.
    warmUp: draw(ids, WARM_UP, seededRandom(SEED + 1)),
    sides: {
      ours: {
        ask: (id) => ours.post(DOCUMENT, { id: `Episode:${id}`, asOf: new Date(asOf).toISOString() }),
        check: (id, data) => {
          const answer = ourAnswer(data);
          if (answer.nodes.length !== ANSWER.nodes || answer.edges.length !== ANSWER.edges)
            throw new Error(`episode ${id} isn't whole`);
          answerBytes ||= Buffer.byteLength(JSON.stringify(data));
          agree(id, fingerprint(answer));
        },
      },
      lists: raw("lists"),
      maps: raw("maps"),
      neo4jGraphql: {
        ask: (id) => theirs.post(NEO4J_GRAPHQL_DOCUMENT, { tenantId, id, asOf: String(asOf) }),
        check: (id, data) => {
          if (distinctNodes(data).size !== ANSWER.nodes)
            throw new Error(`@neo4j/graphql answers other nodes for episode ${id}`);
        },
      },
    },
    ground: {
      driver,
      tenantId,
      caller: ours,
      serverPid: installation.serverPid,
      episodes: draw(ids, options.others, seededRandom(SEED + 2)),
      memoryQueries: options.memoryQueries,
      progress,
    },
    timings: { ours: [], lists: [], maps: [], neo4jGraphql: [] },
    answerBytes: () => answerBytes,
    equalAnswers: () => [...seen.values()].filter(({ sides }) => sides === 3).length,
  };
}
