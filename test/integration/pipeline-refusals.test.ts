import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { EpisodeDocument } from "../../graph-schema/documents/episode.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { stateClaim } from "../../server/domains/claim/claim.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { startRun } from "../../server/domains/run/run.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { defineQuery, params } from "../../server/graph/query.js";
import { importPageFolder, runInputOf } from "../../server/imports/page-folder.js";
import type { Executor } from "../../server/pipeline/executor.js";
import { embeddedExecutors } from "../../server/pipeline/executors/embedded.js";
import { createExecutors, readExecutorSettings } from "../../server/pipeline/executors/settings.js";
import { plainTemplate } from "../../server/pipeline/executors/template.js";
import { readFlow } from "../../server/pipeline/flow-file.js";
import { loadFlows } from "../../server/pipeline/flows.js";
import { register } from "../../server/pipeline/office.js";
import { TASKS } from "../../server/pipeline/tasks.js";
import { givenSecrets } from "../../server/secrets/secrets.js";
import type { Services } from "../../server/services.js";
import { act, done, nodeNow } from "../kit/approvals.js";
import { buildChain, buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { reply, startModelServer, type ModelServer } from "../kit/model-server.js";
import { drive, pipelineServices, recordOf } from "../kit/pipeline.js";
import { recordsOf } from "../kit/records.js";
import { sealed } from "../kit/seal.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* Whatever is wrong with what comes in: it is refused, the refusal stands in the record with its reason, and nothing is half written. */

const FACTS = [
  "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
  "Basel has 7 bridges across the Rhine today.",
  "The Wettstein bridge cost 2,400,000 francs.",
];
const html = (title: string, sentences: readonly string[]): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title></head><body><article>${sentences.map((one) => `<p>${one}</p>`).join("\n")}</article></body></html>`;
const GOOD = html("Basel", FACTS);

let folder: string;
let models: ModelServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-refusals-"));
  models = await startModelServer(reply.status(500));
});
afterAll(async () => {
  await models.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a run, or whoever proposes, writes on the graph beside its own record. */
const written = defineQuery({
  name: "testWritten",
  mode: "read",
  scope: "tenant",
  params: params<object>(),
  cypher: `RETURN COUNT { (e:Episode {tenantId: $tenantId}) } AS episodes, COUNT { (s:Scene {tenantId: $tenantId}) } AS scenes,
  COUNT { (c:Claim {tenantId: $tenantId}) } AS claims, COUNT { (p:Proposal {tenantId: $tenantId}) } AS proposals,
  COUNT { (d:Decision {tenantId: $tenantId}) } AS decisions, COUNT { (p:Proposal {tenantId: $tenantId}) WHERE p.packSha256 IS NOT NULL } AS packs`,
  row: z.record(z.string(), z.number()),
});
const counts = async (t: TestTenant) => (await testGraph().read(t.scope, written, {}))[0]!;

/** The episode flow without tries that only take time, and with these executors in place of those of their names. */
function servicesWith(executors: readonly Executor[]): Services {
  const flow = loadFlows().get("episode")!;
  const stages = flow.stages.map((stage) => ({ ...stage, retries: 0 }));
  return pipelineServices({
    flows: new Map([["episode", { ...flow, stages }]]),
    tasks: TASKS,
    executors: register(executors, TASKS),
  });
}

const embedded = (): readonly Executor[] => embeddedExecutors(plainTemplate);
/** The embedded executors, one of which answers otherwise. */
const altered = (name: string, alter: (output: never) => unknown): readonly Executor[] =>
  embedded().map((one) =>
    one.name !== name
      ? one
      : {
          ...one,
          run: async (context, input) => {
            const result = await one.run(context, input);
            return { ...result, output: alter(result.output as never) };
          },
        },
  );

function withModels(stages: readonly string[], budget: object): readonly Executor[] {
  const providers = ["one", "two"].map((name) => ({
    name,
    url: models.url,
    model: "m",
    price: { input: 1, output: 1 },
  }));
  const settings = readExecutorSettings(JSON.stringify({ models: { stages, providers, budget } }), "a test");
  return createExecutors(settings, givenSecrets({}));
}

interface Refused {
  readonly outcome: string | null;
  readonly said: string;
}

let n = 0;
/** Runs the flow on these files, of Tier 2. */
async function run(
  t: TestTenant,
  services: Services,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Refused> {
  const pages = await mkdtemp(join(folder, `${++n}-`));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(pages, name), bytes);
  const caller = t.caller("tenant-admin");
  const imported = await importPageFolder(services, { caller, folder: pages, reason: "a test" });
  for (const sourceId of imported.sourceIds) await done(setSourceRating, caller, { sourceId, tier: 2 });
  const topicId = await buildTopic(t, { title: "Bridges of Basel" });
  const { runId } = await done(startRun, t.caller("editor"), {
    ...{ flow: "episode", ...services.pipeline.resolve("episode"), topicId, channelId: t.channelId },
    input: JSON.stringify(runInputOf(imported)),
  });
  await drive(t, services);
  const { run: record } = await recordOf(t, runId);
  expect(record.status).toBe("FAILED");
  return { outcome: record.outcome, said: record.problem ?? "" };
}

/** Starts a flow that hangs together otherwise, past the file's own reader. */
async function startBroken(t: TestTenant, needs: string): Promise<Refused> {
  const yaml = `flow: broken\nversion: 1.0.0\ntitle: Broken\nstages:\n  - { name: one, run: planner, output: plan, input: { topic_id: run.topic_id, channel_id: run.channel_id }, needs: [two] }\n  - { name: two, run: planner, output: plan, input: { topic_id: run.topic_id, channel_id: run.channel_id }, needs: [${needs}] }\n`;
  const read = readFlow(yaml, TASKS);
  if (read.ok) throw new Error("it was read");
  const flow = loadFlows().get("episode")!;
  const [first, second] = flow.stages;
  const stages = [
    { ...first!, needs: [second!.name] },
    { ...second!, needs: [needs === "one" ? first!.name : needs] },
  ];
  const executed = await act(startRun, t.caller("editor"), {
    ...{
      flow: "episode",
      resolved: { ...flow, stages },
      missing: [],
      topicId: await buildTopic(t),
      channelId: t.channelId,
    },
  });
  if (executed.ok) throw new Error("it was started");
  // A file that isn't read offers no flow: whoever asks for it by name is refused, and that is recorded.
  const named = pipelineServices({ ...servicesWith(embedded()).pipeline.installation, flows: new Map() });
  const byName = await act(startRun, t.caller("editor"), { flow: "broken", ...named.pipeline.resolve("broken") });
  expect(byName.ok ? [] : byName.problems.map(({ code }) => code)).toEqual(["NOT_FOUND"]);
  const [problem] = executed.problems;
  return {
    outcome: problem!.code,
    said: [...read.problems.map(({ line, message }) => `line ${line}: ${message}`), problem!.message].join(" "),
  };
}

const refusedBy = (executed: Awaited<ReturnType<typeof act>>): Refused => {
  if (executed.ok) throw new Error("it was done");
  const [problem] = executed.problems;
  return { outcome: problem!.code, said: executed.problems.map(({ message }) => message).join(" ") };
};

const misread = Buffer.from(
  html(
    "Basel",
    FACTS.map((one) => `${one.replace("Anna", "GrÃ¼ne Ã¤hnlich schÃ¶n Ã¼ber fÃ¼r")} Ã¼ber schÃ¶ne FlÃ¼sse.`),
  ),
);

const CASES: readonly (readonly [
  what: string,
  outcome: string,
  said: RegExp,
  go: (t: TestTenant) => Promise<Refused>,
])[] = [
  [
    "a flow with a cycle",
    "BAD_INPUT",
    /line 5: a cycle: one needs two, which needs one.*cycle/s,
    (t) => startBroken(t, "one"),
  ],
  ["a flow with an unknown stage", "BAD_INPUT", /line 6: there is no stage nowhere/, (t) => startBroken(t, "nowhere")],
  [
    "a flow whose executors nobody has",
    "CONFLICT",
    /research/,
    async (t) => {
      const services = servicesWith(embedded().filter(({ name }) => name !== "research"));
      const where = { topicId: await buildTopic(t), channelId: t.channelId };
      return refusedBy(
        await act(startRun, t.caller("editor"), { flow: "episode", ...services.pipeline.resolve("episode"), ...where }),
      );
    },
  ],
  [
    "a stage's output against its schema",
    "BAD_OUTPUT",
    /no episode: scenes\.0\.pacing/,
    (t) =>
      run(
        t,
        servicesWith(
          altered("scenes", (output: EpisodeDocument) => ({
            ...output,
            scenes: output.scenes.map((scene) => ({ ...scene, pacing: "BRISK" })),
          })),
        ),
        { "a.html": GOOD },
      ),
  ],
  [
    "a 500 from every provider",
    "PROVIDERS_FAILED",
    /No provider answered: one (?:answered 500|rests).*two (?:answered 500|rests)/s,
    (t) => run(t, servicesWith(withModels(["research"], { tokens: 1_000_000, cost_usd: 1 })), { "a.html": GOOD }),
  ],
  [
    "a budget that is spent",
    "BUDGET_SPENT",
    /the run has 100 of 100 left/,
    (t) => run(t, servicesWith(withModels(["research"], { tokens: 100, cost_usd: 1 })), { "a.html": GOOD }),
  ],
  [
    "a page of 50 MB",
    "NO_USABLE_SOURCE",
    /huge\.html: .*10 MB/,
    (t) => run(t, servicesWith(embedded()), { "huge.html": Buffer.alloc(50_000_000, `<p>${FACTS[0]}</p>\n`) }),
  ],
  [
    "a snapshot in another encoding",
    "NO_USABLE_SOURCE",
    /another encoding/,
    (t) => run(t, servicesWith(embedded()), { "misread.html": misread }),
  ],
  [
    "a snapshot in another language",
    "NO_USABLE_SOURCE",
    /reads as German/,
    (t) =>
      run(t, servicesWith(embedded()), {
        "german.html": html("Basel", [
          "Die Brücke von Basel wurde am 4. Mai 1932 von Anna Berg eröffnet und ist heute noch eine der schönsten der Stadt.",
          "In der Stadt stehen sieben Brücken, die über den Rhein führen und von vielen Menschen benutzt werden.",
        ]),
      }),
  ],
  [
    "a claim without words, of a stage",
    "SCENES_REFUSED",
    /CLAIM_WITHOUT_WORDS/,
    (t) =>
      run(
        t,
        servicesWith(
          altered("scenes", (output: EpisodeDocument) => ({
            ...output,
            scenes: output.scenes.map((scene) => ({
              ...scene,
              narration: "1932 …",
              claims: scene.claims.map((claim) => ({ ...claim, text: "1932 …" })),
            })),
          })),
        ),
        { "a.html": GOOD },
      ),
  ],
  [
    "a claim without words, by the API",
    "BAD_INPUT",
    /word|letter/,
    async (t) => refusedBy(await act(stateClaim, t.caller("editor"), { text: "… 1932 !!!" })),
  ],
];

describe(
  "bad input gets a refusal that is recorded, explained, and leaves nothing half written",
  { timeout: 300_000 },
  () => {
    it.each(CASES)("%s", async (_, outcome, said, go) => {
      const t = await newTenant();
      const before = await counts(t);
      const refused = await go(t);
      expect([refused.outcome, refused.said]).toEqual([outcome, expect.stringMatching(said)]);
      expect(await counts(t)).toEqual(before);
      const { audit, events } = await recordsOf(t.scope);
      const recorded =
        audit.some((entry) => entry.outcome === "REFUSED") ||
        events.some(({ type, data }) => type === "run.ended" && JSON.stringify(data).includes(outcome));
      expect(recorded).toBe(true);
    });

    it("a publish while the kill switch is on", async () => {
      const t = await newTenant();
      const { episode } = await buildChain(t);
      await sealed(t);
      const made = await done(propose, t.person("ed", "editor"), { action: "publishEpisode", subjectId: episode });
      await done(setKillSwitch, t.caller("operator"), { scope: "CAPABILITY", target: "episode.publish" });
      const before = await counts(t);
      const episodeBefore = await nodeNow(t, "Episode", episode);
      const { outcome, said } = refusedBy(await act(approve, t.person("ann", "approver"), made));
      expect([outcome, said]).toEqual(["KILL_SWITCH", expect.stringMatching(/switch/i)]);
      expect(await counts(t)).toEqual(before);
      expect(await nodeNow(t, "Episode", episode)).toEqual(episodeBefore);
      const { audit } = await recordsOf(t.scope);
      expect(audit.filter((entry) => entry.outcome === "REFUSED").map(({ command }) => command)).toEqual(["approve"]);
    });
  },
);
