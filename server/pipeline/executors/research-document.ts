import type { Research } from "../../../graph-schema/documents/research.js";
import { sha256 } from "../../commands/execute.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { extractFact } from "../../domains/fact/fact.service.js";
import { quoteAt } from "../../domains/fact/facts-of-text.js";
import { factKey, type Quote } from "../../domains/fact/quote.js";
import { readSettings } from "../../reads/governance/governance.query.js";
import type { StageContext } from "../executor.js";
import { factsByKeys } from "./evidence.query.js";
import { figureOf } from "./figures.js";
import { riskFlags } from "./risk-flags.js";
import type { ReadSource, SourcesRead } from "./sources.js";
import type { Plan, Scoring } from "./stage-documents.js";
import { short } from "./template.js";

/* What a research answers with, put together from the graph: whoever chose the sentences says nothing of their sources. */

/** A quote that was chosen, and what it says. */
export interface Quoted {
  readonly source: ReadSource;
  readonly start: number;
  readonly exact: string;
  readonly statement: string;
}

/** Takes the facts in the graph, and answers with the document: best first, its names counted in the order of reading. */
export async function writeResearch(
  context: StageContext,
  { plan, scoring }: { readonly plan: Plan; readonly scoring: Scoring },
  { leftOut }: SourcesRead,
  quoted: readonly Quoted[],
): Promise<{ output: Research; produced: string[] }> {
  const reading = [...quoted].sort((a, b) =>
    a.source.url < b.source.url ? -1 : a.source.url > b.source.url ? 1 : a.start - b.start,
  );
  const sources = [...new Map(reading.map(({ source }) => [source.id, source])).values()];
  const sourceRef = new Map(sources.map(({ id }, i) => [id, `s${i + 1}`]));
  const facts = quoted.map((one) => {
    const quote = quoteAt(one.source.text, one.start, one.exact);
    return { ...one, quote, figure: figureOf(one.exact), ref: `f${reading.indexOf(one) + 1}` };
  });
  const base = (fact: (typeof facts)[number]) => ({
    ref: fact.ref,
    statement: fact.statement,
    source_ref: sourceRef.get(fact.source.id)!,
    quote: fact.quote,
  });
  const { settings } = await readSettings(context.reader);
  const output: Research = {
    topic: { id: plan.topic_id, title: plan.title },
    sources: sources.map((source) => describeSource(sourceRef.get(source.id)!, source)),
    key_facts: facts.filter(({ figure }) => figure === null).map(base),
    data_points: facts.flatMap((fact) =>
      fact.figure === null ? [] : [{ ...base(fact), ...measured(fact.figure, fact.source) }],
    ),
    risk_flags: riskFlags(
      facts.map(({ ref, statement, exact, source }) => ({
        ref,
        statement,
        exact,
        sourceRef: sourceRef.get(source.id)!,
      })),
      sources.map((source) => ({ ...source, ref: sourceRef.get(source.id)! })),
      settings,
    ),
    scoring: {
      score: scoring.score,
      formula_version: scoring.formula_version,
      sample_size: scoring.sample_size,
      candidates: [...scoring.candidates],
    },
    ...(leftOut.length === 0 ? {} : { left_out: leftOut.slice(0, 1_000) }),
  };
  return { output, produced: await takeFacts(context, facts) };
}

const measured = ({ value, unit, day }: NonNullable<ReturnType<typeof figureOf>>, source: ReadSource) => ({
  value,
  unit,
  // A page that names no day tells of the one that it is of.
  as_of: day ?? dayAt(source.publishedAt ?? source.retrievedAt),
});
const dayAt = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const describeSource = (ref: string, source: ReadSource): Research["sources"][number] => ({
  ref,
  url: source.url,
  title: short(source.title, 500),
  ...(source.publisher === null ? {} : { publisher: short(source.publisher, 500) }),
  tier: source.tier,
  reliability: source.reliability,
  ...(source.publishedAt === null ? {} : { published_at: new Date(source.publishedAt).toISOString() }),
  retrieved_at: new Date(source.retrievedAt).toISOString(),
  snapshot_sha256: source.sha256,
});

interface Taken extends Quoted {
  readonly quote: Quote;
  readonly figure: ReturnType<typeof figureOf>;
}

/** Writes the facts that aren't held yet. Answers those that this run took. */
async function takeFacts(context: StageContext, facts: readonly Taken[]): Promise<string[]> {
  const keys = facts.map(({ source, quote }) => factKey(source.snapshotKey, quote));
  const held = new Map((await context.reader.run(factsByKeys, { keys })).map((row) => [row.key, row]));
  const run = `run/${parseNodeId(context.runId)!.id}/`;
  const produced: string[] = [];
  for (const [i, { source, quote, statement, figure }] of facts.entries()) {
    const known = held.get(keys[i]!);
    if (known !== undefined) {
      if (known.openedBy.startsWith(run)) produced.push(`Fact:${known.id}`);
      continue;
    }
    // By the whole key: copies of one page have facts of one selector.
    const { factId } = await context.execute(`fact/${sha256(keys[i]!).slice(0, 16)}`, extractFact, {
      snapshotId: `Snapshot:${source.snapshotId}`,
      quote,
      statement,
      ...(figure === null
        ? { kind: "KEY_FACT" }
        : { kind: "DATA_POINT", value: figure.value, unit: figure.unit, asOfDate: measured(figure, source).as_of }),
    });
    produced.push(factId);
  }
  return [...new Set(produced)];
}
