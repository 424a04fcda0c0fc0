import { parseArgs } from "node:util";
import type { Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import type { Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import { createTenant } from "../../server/domains/tenant/tenant.service.js";
import { createEpisode } from "../../server/domains/episode/episode.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { stateClaim } from "../../server/domains/claim/claim.service.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { openGraph } from "../../server/graph/graph.js";
import { createServices, type Services } from "../../server/services.js";
import { ms, quantile, thousands, times } from "./figures.kit.js";
import { httpCaller, type HttpCaller } from "./http.kit.js";
import { startInstallation, withResources, type Installation } from "./installation.kit.js";
import { openDriver } from "./lineage.raw.js";
import { stateBare } from "./write.bare.js";

const HELP = `bench write [--writes N] [--json]
One claim stated in a scene: by the command service, by a bare transaction of the same nodes, edges and properties, and over
HTTP. With one writer in milliseconds, with eight writers of one tenant in writes a second.
  --writes N   writes of each side, with one writer and again with eight (2,000)
  --json       all figures as JSON`;

/** Each side writes so many in turn, in alternating order, so that whatever else runs meets all alike. */
const ROUND = 100;
const WARM_UP = 300;
/** What the database compiles only once many writers have kept it busy must not be counted to whoever comes first. */
const WARM_UP_EACH = 200;
const WRITERS = 8;
/** Scenes that take turns, as several people work on several episodes. */
const SCENES = 64;

const SIDES = ["ours", "bare", "http"] as const;
type Side = (typeof SIDES)[number];
type Write = (n: number) => Promise<unknown>;

const MUTATION = `mutation State($input: StateClaimInput!) { stateClaim(input: $input) { claim { id } problems { code message } } }`;

export async function run(argv: readonly string[]): Promise<void> {
  const { writes, json, help } = options(argv);
  if (help) return print(HELP);
  const figures = await withResources(async (keep) => {
    const installation = keep(await startInstallation());
    const driver = openDriver(installation.database);
    keep({ stop: () => driver.close() });
    // A database that has just started plans each query for the first time.
    const graph = openGraph({ ...installation.database, timeoutMs: { read: 30_000, write: 60_000 } });
    keep({ stop: () => graph.close() });
    const editor = { actor: "bench", name: "Bench", tenantId: installation.tenantId, roles: ["editor"] as const };
    const keys = await loadOrCreateKeys(installation.home);
    const token = await issueToken(keys, { ...editor, region: "local" }, 3_600);
    const http = httpCaller(`${installation.url}/graphql`, token);
    keep({ stop: async () => http.close() });
    return measure({ ...installation, token }, createServices({ graph }), driver, http, writes);
  });
  if (json) return print(JSON.stringify(figures));
  const { one, eight } = figures;
  print(
    `write p50 ours ${ms(one.ours.p50)} ms bare ${ms(one.bare.p50)} ms ${times(one.ratio)} · 8 writers ours ${thousands(eight.ours)}/s bare ${thousands(eight.bare)}/s ${times(eight.ratio)}`,
  );
  print(
    `p95 with 1 writer: ours ${ms(one.ours.p95)} ms bare ${ms(one.bare.p95)} ms; over HTTP p50 ${ms(one.http.p50)} ms p95 ${ms(one.http.p95)} ms`,
  );
  print(
    `8 writers over HTTP, one kept connection each: ${thousands(eight.http)}/s; ${thousands(writes)} writes of each side`,
  );
}

function options(argv: readonly string[]): { writes: number; json: boolean; help: boolean } {
  let values: { writes?: string | undefined; json?: boolean | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { writes: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    }));
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
  const writes = Number((values.writes ?? "2000").replaceAll(/[,_]/g, ""));
  if (!Number.isSafeInteger(writes) || writes < ROUND) throw usageError(`--writes takes a whole number from ${ROUND}.`);
  return { writes, json: values.json === true, help: values.help === true };
}

/** Everybody writes for the tenant of the installation, whose scenes are made here. */
async function measure(
  { tenantId, url, token }: Installation,
  services: Services,
  driver: Driver,
  http: HttpCaller,
  writes: number,
) {
  const caller: Caller = { tenantId, actor: "bench", name: "Bench", roles: ["editor"], region: "local" };
  const scenes = await makeScenes(services, caller);
  const scene = (n: number): string => scenes[n % scenes.length]!;
  const input = (n: number, text: string) => ({
    operationId: `bench/${ulid()}`,
    reason: "bench write",
    text,
    sceneIds: [scene(n)],
  });
  const text = (side: Side): string => `Water boils at 100 degrees, says ${side} ${ulid()}`;
  const bareScene = (n: number): string => scene(n).slice("Scene:".length);
  const overHttp =
    (connection: HttpCaller): Write =>
    async (n) => {
      const answer = (await connection.post(MUTATION, { input: input(n, text("http")) })) as {
        stateClaim: { claim: unknown };
      };
      if (answer.stateClaim.claim === null) throw new Error(JSON.stringify(answer));
    };
  const write: Record<Side, Write> = {
    ours: (n) => done(services, stateClaim, caller, input(n, text("ours"))),
    bare: (n) => stateBare(driver, tenantId, bareScene(n), text("bare")),
    http: overHttp(http),
  };
  say("warming up");
  for (const side of SIDES) for (let n = 0; n < WARM_UP; n++) await write[side](n);
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, w) => {
      for (let n = 0; n < WARM_UP_EACH; n++) for (const side of SIDES) await write[side](w + n * WRITERS);
    }),
  );
  say("one writer");
  const spent: Record<Side, number[]> = { ours: [], bare: [], http: [] };
  for (let round = 0; round * ROUND < writes; round++) {
    for (const side of inTurn(round)) {
      for (let n = 0; n < ROUND; n++) {
        const began = performance.now();
        await write[side](n);
        spent[side].push(performance.now() - began);
      }
    }
  }
  say(`${WRITERS} writers`);
  const connections = Array.from({ length: WRITERS }, () => httpCaller(`${url}/graphql`, token));
  const writers: Record<Side, Write[]> = {
    ours: Array<Write>(WRITERS).fill(write.ours),
    bare: Array<Write>(WRITERS).fill(write.bare),
    http: connections.map(overHttp),
  };
  const busy: Record<Side, number> = { ours: 0, bare: 0, http: 0 };
  for (let round = -1; round * ROUND * WRITERS < writes; round++) {
    for (const side of inTurn(round + 1)) {
      const began = performance.now();
      await Promise.all(
        writers[side].map(async (each, w) => {
          for (let n = 0; n < ROUND; n++) await each(w + n * WRITERS);
        }),
      );
      // The first round warms up what only many at once need.
      if (round >= 0) busy[side] += performance.now() - began;
    }
  }
  for (const connection of connections) connection.close();
  const written = Math.ceil(writes / (ROUND * WRITERS)) * ROUND * WRITERS;
  const perSecond = (side: Side): number => written / (busy[side] / 1_000);
  const p = (side: Side) => ({ p50: quantile(spent[side], 0.5), p95: quantile(spent[side], 0.95) });
  const one = { ours: p("ours"), bare: p("bare"), http: p("http") };
  const eight = { ours: perSecond("ours"), bare: perSecond("bare"), http: perSecond("http") };
  return {
    writes,
    one: { ...one, ratio: one.ours.p50 / one.bare.p50 },
    eight: { ...eight, ratio: eight.bare / eight.ours },
  };
}

const inTurn = (round: number): readonly Side[] => SIDES.map((_, i) => SIDES[(i + round) % SIDES.length]!);

async function done<I, R>(services: Services, command: Command<I, R>, caller: Caller, input: object): Promise<R> {
  const executed = await services.execute(command, caller, input);
  if (!executed.ok) throw new Error(`${command.name}: ${JSON.stringify(executed.problems)}`);
  return executed.result;
}

async function makeScenes(services: Services, caller: Caller): Promise<string[]> {
  const envelope = () => ({ operationId: `bench/${ulid()}`, reason: "bench write" });
  const replayed = {
    operationId: "cli/up/empty",
    reason: "up --empty",
    id: caller.tenantId,
    name: "Demo",
    region: "local",
  };
  const tenant = {
    ...caller,
    actor: "system",
    name: "system",
    internal: "system" as const,
    roles: ["platform-admin" as const],
  };
  const { channelId } = await done(services, createTenant, tenant, replayed);
  const { episodeId } = await done(services, createEpisode, caller, { ...envelope(), title: "Bench", channelId });
  const scenes: string[] = [];
  for (let ordinal = 1; ordinal <= SCENES; ordinal++) {
    const scene = { ...envelope(), episodeId, title: `Scene ${ordinal}`, ordinal, claimIds: [] };
    scenes.push((await done(services, createScene, caller, scene)).sceneId);
  }
  return scenes;
}
