import { createHash } from "node:crypto";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { DomainError } from "../../server/errors.js";
import { type TestApi } from "../kit/api.js";
import {
  buildChain,
  buildClaim,
  buildEpisode,
  buildFact,
  buildScene,
  buildSnapshot,
  buildSource,
  publish,
} from "../kit/build.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

const TEXT = [
  "The market grew in every region last year.",
  "Measured at minus 15 degrees, the median unit gave 2.4 units of heat for each unit of power, which the trial called better than feared.",
  "Sales of air-to-water units rose by 14 per cent compared with the year before.",
  "Analysts expect a slower year ahead.",
].join(" ");
export const QUOTE = "the median unit gave 2.4 units of heat for each unit of power";
export const CLAIM_TEXT = "A heat pump keeps giving more than twice the heat it draws at minus 15 degrees";

export interface World {
  readonly tenant: TestTenant;
  readonly episode: string;
  readonly scene: string;
  readonly claim: string;
  readonly fact: string;
  readonly contrary: string;
  readonly snapshot: string;
  readonly source: string;
}

/** The first write of a database that has just started can time out on a busy machine; the next ones don't. */
async function patiently<T>(make: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "TIMEOUT") throw error;
    }
  }
  return make();
}

/** A live episode whose one claim has a fact for it, one against it and one beside the point. */
export async function buildWorld(): Promise<World> {
  const tenant = await patiently(newTenant);
  const source = await buildSource(tenant, { title: "Ridge Lab cold-climate trial" });
  const snapshot = await buildSnapshot(tenant, { sourceId: source, text: TEXT });
  const fact = await buildFact(tenant, {
    snapshotId: snapshot,
    quote: QUOTE,
    statement: "Median output at minus 15 degrees was 2.4",
  });
  const contrary = await buildFact(tenant, {
    quote: "none of the units kept up below minus ten",
    statement: "No unit kept up below minus ten",
  });
  const aside = await buildFact(tenant, { quote: "the winter was mild", statement: "The winter was mild" });
  const claim = await buildClaim(tenant, {
    text: CLAIM_TEXT,
    supports: [fact],
    considered: [aside],
  });
  const episode = await buildEpisode(tenant, { title: "Do heat pumps work in the cold?" });
  const scene = await buildScene(tenant, {
    episodeId: episode,
    title: "The coldest week",
    ordinal: 1,
    claimIds: [claim],
  });
  await publish(tenant, episode);
  // It came to light afterwards: nobody publishes what is contradicted and undecided.
  await tenant.run(linkEvidence, { claimId: claim, factId: contrary, stance: "CONTRADICTS" });
  // So that search and home have more than one thing to tell apart.
  await buildChain(tenant);
  return { tenant, episode, scene, claim, fact, contrary, snapshot, source };
}

/** Imports this many claims, all on one source, through the door that files come in by. */
export async function importHub(api: TestApi, tenant: TestTenant, rows: number): Promise<void> {
  const file = Array.from({ length: rows }, (_, i) =>
    JSON.stringify({
      id: `row-${i}`,
      claim: `The tower of district ${i} is ${100 + i} metres tall`,
      evidence: `The tower in district ${i} was measured at ${100 + i} metres when it was finished.`,
      label: "SUPPORTS",
      source_title: "List of towers -LRB-tallest-RRB-",
      source_url: `https://encyclopedia.example/w/index.php?oldid=${7_000 + i}`,
      revision_id: String(7_000 + i),
    }),
  ).join("\n");
  const answer = await fetch(`${api.url}/import/claims`, {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `Bearer ${await api.token(tenant.id, "tenant-admin")}`,
      "idempotency-key": createHash("sha256").update(file).digest("hex"),
    },
    body: file,
  });
  const text = await answer.text();
  if (!answer.ok || !text.includes(`"created":${rows}`))
    throw new Error(`import answered ${answer.status}: ${text.slice(-500)}`);
}

const WARM_UP = [
  "query ($id: ID!) { a: lineage(id: $id, direction: UPSTREAM, depth: 1) { total } b: lineage(id: $id, direction: UPSTREAM, depth: 3) { total } }",
  "query ($id: ID!) { a: lineage(id: $id, direction: DOWNSTREAM, depth: 1) { total } b: lineage(id: $id, direction: DOWNSTREAM, depth: 5) { total } }",
  "query ($id: ID!) { impact(id: $id) { liveEpisodeCount } }",
  'query ($id: ID!) { node(id: $id) { id } search(text: "heat") { totalCount } episodes { totalCount } sources { totalCount } }',
];

/** A database that has just started plans each question for the first time; on a busy machine that alone can take a read's five seconds. */
export async function warmUp(api: TestApi, { tenant, claim, source }: World): Promise<void> {
  for (const query of WARM_UP) {
    for (const id of [claim, source]) {
      for (let attempt = 0; attempt < 5; attempt++) {
        const { errors } = await api.ask(tenant.id, query, { id });
        if (errors === undefined) break;
      }
    }
  }
}
