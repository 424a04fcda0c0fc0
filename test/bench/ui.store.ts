import { createHash } from "node:crypto";
import { httpCaller, type HttpCaller } from "./http.kit.js";

/** Nodes of one line of evidence: scene, claim, fact, snapshot, source. */
const LINE = 5;

const CHANNELS = "{ channels(first: 1) { edges { node { id } } } }";
const CLAIMS = `query ($after: String) {
  claims(first: 500, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } }
}`;
const CREATE_EPISODE = "mutation ($input: CreateEpisodeInput!) { createEpisode(input: $input) { episode { id } } }";
const CREATE_SCENE = "mutation ($input: CreateSceneInput!) { createScene(input: $input) { scene { id } } }";
const LINEAGE = "query ($id: ID!) { lineage(id: $id, direction: UPSTREAM, depth: 6, first: 5000) { edges { by } } }";
const WARM_UPS = 6;

type Connection = {
  readonly edges: readonly { readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
};

/** An episode whose whole upstream is so many nodes, itself included, made through the API. Answers its id. */
export async function buildEpisode(url: string, token: string, nodes: number): Promise<string> {
  const lines = Math.floor((nodes - 1) / LINE);
  const bare = nodes - 1 - lines * LINE;
  await importClaims(url, token, lines);
  const api = httpCaller(`${url}/graphql`, token);
  try {
    const { channels } = (await api.post(CHANNELS, {})) as { channels: Connection };
    const claims = await claimIds(api);
    if (claims.length !== lines) throw new Error(`${claims.length} claims were imported of ${lines}`);
    const { createEpisode } = (await api.post(CREATE_EPISODE, {
      input: { ...envelope("episode"), title: "A long episode", channelId: channels.edges[0]!.node.id },
    })) as { createEpisode: { episode: { id: string } } };
    const episodeId = createEpisode.episode.id;
    for (let i = 0; i < lines + bare; i++) {
      const claim = claims[i];
      const input = { ...envelope(`scene-${i}`), episodeId, title: `Scene ${i + 1}`, ordinal: i + 1 };
      await api.post(CREATE_SCENE, { input: { ...input, claimIds: claim === undefined ? [] : [claim] } });
    }
    await warmUp(api, episodeId);
    return episodeId;
  } finally {
    api.close();
  }
}

/** A database that has just started plans the question first, which on a busy machine takes longer than a read may. */
async function warmUp(api: HttpCaller, id: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await api.post(LINEAGE, { id });
      return;
    } catch (error) {
      if (attempt === WARM_UPS) throw error;
    }
  }
}

const envelope = (name: string) => ({ operationId: `bench/ui/${name}`, reason: "to be looked at" });

async function claimIds(api: HttpCaller): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { claims } = (await api.post(CLAIMS, { after })) as { claims: Connection };
    ids.push(...claims.edges.map(({ node }) => node.id));
    after = claims.pageInfo.endCursor;
    more = claims.pageInfo.hasNextPage;
  }
  return ids;
}

/** Claims that each stand on a source of their own. */
async function importClaims(url: string, token: string, rows: number): Promise<void> {
  const file = Array.from({ length: rows }, (_, i) =>
    JSON.stringify({
      id: `row-${i}`,
      claim: `The tower of district ${i} is ${100 + i} metres tall`,
      evidence: `The tower in district ${i} was measured at ${100 + i} metres when it was finished.`,
      label: "SUPPORTS",
      source_title: `Towers of district ${i}`,
      source_url: `https://towers.example/district/${i}`,
    }),
  ).join("\n");
  const answer = await fetch(`${url}/import/claims`, {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      authorization: `Bearer ${token}`,
      "idempotency-key": createHash("sha256").update(file).digest("hex"),
    },
    body: file,
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the import answered ${answer.status}: ${text.slice(-500)}`);
}
