import { parseArgs } from "node:util";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { ms, quantile, thousands, times } from "./figures.kit.js";
import { withResources } from "./installation.kit.js";
import { measure, type StoreFigures } from "./lineage.measure.js";
import { tellFigure } from "./lineage.questions.js";
import { ANSWER } from "./lineage.store.js";

const HELP = `bench lineage [--nodes N] [--questions N] [--others N] [--memory N] [--home FOLDER] [--json]
An episode's full upstream over HTTP, against one query over Bolt that answers the same, and against @neo4j/graphql.
  --nodes N       on a store of N nodes; by default on two, of 100,000 and 1,000,000, and how we grow from one to the other
  --questions N   different episodes that each side is asked for (500)
  --others N      different episodes that the other questions are asked of, each against something else in the same run (100; 0 leaves them out)
  --memory N      queries that the server's memory is watched over (10,000)
  --home FOLDER   keep the store there, and use it again
  --json          all figures as JSON`;

const SIZES = [100_000, 1_000_000];

function options(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        nodes: { type: "string" },
        questions: { type: "string" },
        others: { type: "string" },
        memory: { type: "string" },
        home: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
}

function whole(name: string, text: string | undefined, otherwise: number, least: number): number {
  const value = text === undefined ? otherwise : Number(text.replaceAll(",", "").replaceAll("_", ""));
  if (!Number.isSafeInteger(value) || value < least)
    throw usageError(`--${name} takes a whole number from ${thousands(least)}.`);
  return value;
}

export async function run(argv: readonly string[]): Promise<void> {
  const given = options(argv);
  if (given.help === true) return print(HELP);
  const sizes = given.nodes === undefined ? SIZES : [whole("nodes", given.nodes, 0, 1_000)];
  const questions = whole("questions", given.questions, 500, 20);
  const homes = sizes.map((size) => (given.home === undefined ? undefined : `${given.home}/${size}`));
  const others = whole("others", given.others, 100, 0);
  const memoryQueries = whole("memory", given.memory, 10_000, 0);
  const { stores, figures } = await withResources((keep) =>
    measure({ sizes, homes, questions, others, memoryQueries, keep, progress: say }),
  );
  const told = stores.map(summary);
  const growth = told.length === 2 ? told[1]!.oursP50 / told[0]!.oursP50 : null;
  if (given.json === true) return print(JSON.stringify({ stores: told, growth, figures }));
  const last = told.at(-1)!;
  print(`lineage p50 ours ${ms(last.oursP50)} ms raw ${ms(last.rawP50)} ms ${times(last.ratio)}`);
  for (const store of told) tell(store);
  if (growth !== null) print(`growth ${sizes.map(thousands).join(" -> ")}: ${times(growth)}`);
  for (const figure of figures) print(tellFigure(figure));
}

function summary(store: StoreFigures) {
  const p = (side: keyof StoreFigures["sides"], q: number) => quantile(store.sides[side], q);
  const rawP50 = Math.min(p("lists", 0.5), p("maps", 0.5));
  return {
    nodes: store.nodes,
    episodes: store.episodes,
    questions: store.questions,
    equalAnswers: store.equalAnswers,
    answerBytes: store.answerBytes,
    oursP50: p("ours", 0.5),
    oursP95: p("ours", 0.95),
    rawP50,
    rawP95: Math.min(p("lists", 0.95), p("maps", 0.95)),
    rawListsP50: p("lists", 0.5),
    rawMapsP50: p("maps", 0.5),
    neo4jGraphqlP50: p("neo4jGraphql", 0.5),
    neo4jGraphqlP95: p("neo4jGraphql", 0.95),
    ratio: p("ours", 0.5) / rawP50,
    ratioToNeo4jGraphql: p("ours", 0.5) / p("neo4jGraphql", 0.5),
  };
}

function tell(store: ReturnType<typeof summary>): void {
  print(
    `store of ${thousands(store.nodes)} nodes, ${thousands(store.episodes)} episodes: ${store.questions} asked of each side, ` +
      `${ANSWER.nodes} nodes and ${ANSWER.edges} edges each, ${thousands(store.answerBytes / 1000)} kB, ${store.equalAnswers} of ${store.questions} answers equal`,
  );
  print(`  ours              p50 ${ms(store.oursP50)} ms  p95 ${ms(store.oursP95)} ms`);
  print(
    `  raw as lists      p50 ${ms(store.rawListsP50)} ms  raw as maps p50 ${ms(store.rawMapsP50)} ms  p95 ${ms(store.rawP95)} ms  ours ${times(store.ratio)}`,
  );
  print(
    `  @neo4j/graphql 7  p50 ${ms(store.neo4jGraphqlP50)} ms  p95 ${ms(store.neo4jGraphqlP95)} ms  ours ${times(store.ratioToNeo4jGraphql)}`,
  );
}
