import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FOREVER } from "../../graph-schema/time.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { demoEpisode } from "../../server/cli/demo-episode.js";
import { demoRetraction, type DemoRetraction } from "../../server/cli/demo-retraction.js";
import { ownInstallation } from "../../server/pipeline/desk.js";
import { readImpact } from "../../server/reads/impact/impact.query.js";
import { readRetractable } from "../../server/reads/retractable/retractable.query.js";
import type { Services } from "../../server/services.js";
import { nodeNow } from "../kit/approvals.js";
import { buildChain } from "../kit/build.js";
import { buildLive, retractHere } from "../kit/corrections.js";
import { environment } from "../kit/env.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices } from "../kit/pipeline.js";
import { plant, plantedId } from "../kit/plant.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* What `./throughline demo retraction` does, with somebody sealing beside it. */

const ARTICLES = join(environment.data, "html_articles");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-demo-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** With runs driven and the audit sealed beside it, as a running server does. */
async function beside<T>(t: TestTenant, work: (services: Services) => Promise<T>): Promise<T> {
  const services = pipelineServices(ownInstallation());
  const over = new AbortController();
  const driving = (async () => {
    for (; !over.signal.aborted; await sleep(100)) {
      await drive(t, services);
      await sealed(t);
    }
  })();
  try {
    return await work(services);
  } finally {
    over.abort();
    await driving;
  }
}

/** What the demo says is what `impact` says of the source. */
async function equalsImpact(t: TestTenant, made: DemoRetraction): Promise<void> {
  const impact = (await readImpact(testGraph(), t.scope, parseNodeId(made.sourceId!)!, FOREVER - 1))!;
  const counts = Object.fromEntries(impact.totals);
  expect(made).toMatchObject({
    claims: counts.Claim,
    scenes: counts.Scene,
    liveEpisodes: impact.liveEpisodes.nodes.map(({ id }) => id),
  });
  expect(made.taskIds).toHaveLength(made.liveEpisodes.length);
  expect((await nodeNow(t, "Source", made.sourceId!)).status).toBe("RETRACTED");
  const corrected = await Promise.all(made.taskIds.map((id) => nodeNow(t, "CorrectionTask", id)));
  expect(corrected.map(({ episodeId }) => episodeId).sort()).toEqual([...made.liveEpisodes].sort());
  expect(new Set(corrected.map(({ incidentId }) => incidentId))).toEqual(new Set([made.incidentId]));
}

describe("the demo of a retraction", { timeout: 400_000 }, () => {
  it.skipIf(!existsSync(ARTICLES))("retracts a page that a published episode quotes, and says what fell", async () => {
    const t = await newTenant();
    for (const name of ["wikipedia", "mozilla-2"])
      await cp(join(ARTICLES, name, "source.html"), join(folder, `${name}.html`));
    const { episode, made } = await beside(t, async (services) => ({
      episode: await demoEpisode(services, { topic: "Mozilla and Firefox", pages: folder, tenantId: t.id }),
      made: await demoRetraction(services, { tenantId: t.id }),
    }));
    expect(made.problem).toBeUndefined();
    expect(made.liveEpisodes).toEqual([episode.episodeId]);
    await equalsImpact(t, made);
  });

  it("finds the source of a live episode behind any number that nothing live stands on", async () => {
    const t = await newTenant();
    const { source } = await buildLive(t);
    const { source: drafted } = await buildChain(t);
    await plant(
      t,
      Array.from({ length: 600 }, () => ({ id: plantedId("Source") })),
      [],
    );
    expect(await readRetractable(testGraph(), t.scope)).toBe(source);
    expect(drafted > source).toBe(true);
    await retractHere(t, source);
    expect(await readRetractable(testGraph(), t.scope)).toBeNull();
  });

  it("takes the source that is named, and refuses where nothing live stands on it", async () => {
    const t = await newTenant();
    const { source: drafted } = await buildChain(t);
    expect(await beside(t, (services) => demoRetraction(services, { tenantId: t.id }))).toMatchObject({
      sourceId: null,
      taskIds: [],
      problem: expect.stringMatching(/No live episode/) as string,
    });
    const { source } = await buildLive(t);
    const refused = await beside(t, (services) => demoRetraction(services, { tenantId: t.id, source: drafted }));
    expect(refused).toMatchObject({ sourceId: null, problem: expect.stringContaining(drafted) as string });
    const made = await beside(t, (services) => demoRetraction(services, { tenantId: t.id, source }));
    expect(made.sourceId).toBe(source);
    await equalsImpact(t, made);
  });
});
