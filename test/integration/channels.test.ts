import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EpisodeDocument } from "../../graph-schema/documents/episode.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { rollbackChannelConfig, setChannelConfig } from "../../server/domains/channel/channel-config.service.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { grantRole } from "../../server/domains/principal/role.service.js";
import { runPins, type RunPins } from "../../server/domains/channel/pins.js";
import { readDocuments } from "../../server/domains/run/record.service.js";
import { resumeRun, startRun } from "../../server/domains/run/run.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { plainTemplate } from "../../server/pipeline/executors/template.js";
import { publishSpec, rollbackSpec } from "../../server/domains/spec/spec.service.js";
import { importPageFolder, runInputOf } from "../../server/imports/page-folder.js";
import type { Qa, Script } from "../../server/pipeline/executors/stage-documents.js";
import { installationOf } from "../../server/pipeline/desk.js";
import { EXECUTORS } from "../../server/pipeline/executors.js";
import { loadFlows } from "../../server/pipeline/flows.js";
import { readerOf } from "../../server/pipeline/office.js";
import type { Services } from "../../server/services.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done } from "../kit/approvals.js";
import { buildTopic } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { drive, pipelineServices, recordOf } from "../kit/pipeline.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* Channels that are told otherwise, side by side: their configs, the library that these name, and what runs pin of both. */

/** The episode flow as it comes, without the stage that proposes. */
function installed(): Services {
  const own = installationOf(EXECUTORS);
  const flow = loadFlows().get("episode")!;
  const stages = flow.stages.filter(({ name }) => name !== "ops");
  return pipelineServices({ ...own, flows: new Map([["episode", { ...flow, stages }]]) });
}

const { template: _name, version: _version, ...plain } = plainTemplate();
const templateThat = (opens: string, more: object = {}) =>
  JSON.stringify({
    ...plain,
    ...more,
    scenes: { ...plain.scenes, opening: { title: "{topic}", pacing: "FAST", says: opens } },
  });
const template = (name: string, version: string, opens: string, more: object = {}) => ({
  ...{ kind: "TEMPLATE", name, version },
  content: templateThat(opens, more),
  notes: `What is new in ${version}.`,
});

let folder: string;
let api: TestApi;
const FACTS = [
  "The bridge of Basel was opened on 4 May 1932 by Anna Berg.",
  "Basel has 7 bridges across the Rhine.",
  "The Wettstein bridge cost 2,400,000 francs.",
  "The oldest bridge of Basel is from 1226.",
];
beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), "throughline-channels-"));
  await mkdir(join(folder, "pages"));
  await writeFile(
    join(folder, "pages", "one.html"),
    `<!doctype html><html><head><meta charset="utf-8"><title>Basel</title></head><body><article><h1>Basel</h1>${FACTS.map((fact) => `<p>${fact}</p>`).join("\n")}</article></body></html>`,
  );
});
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

/** A tenant with a topic and pages on it. */
async function studio(services: Services) {
  const t = await newTenant();
  const caller = t.caller("tenant-admin");
  const imported = await importPageFolder(services, { caller, folder: join(folder, "pages"), reason: "a test" });
  for (const sourceId of imported.sourceIds) await done(setSourceRating, caller, { sourceId, tier: 1 });
  return {
    t,
    topicId: await buildTopic(t, { title: "Bridges of Basel" }),
    input: JSON.stringify(runInputOf(imported)),
  };
}
type Studio = Awaited<ReturnType<typeof studio>>;

const begin = async ({ t, topicId, input }: Studio, services: Services, channelId: string): Promise<string> => {
  const { runId } = await done(startRun, t.caller("editor"), {
    flow: "episode",
    ...services.pipeline.resolve("episode", channelId),
    ...{ topicId, channelId, input },
  });
  return runId;
};

async function ended(t: TestTenant, runId: string) {
  const { run, stages } = await recordOf(t, runId);
  const hashes = new Map(
    stages.flatMap(({ stage, outputHash, superseded }) =>
      outputHash === null || superseded ? [] : [[stage, outputHash] as const],
    ),
  );
  const read = await readDocuments(readerOf(testGraph(), t.id), [...hashes.values(), run.pinsHash!]);
  const of = <D>(stage: string) => read.get(hashes.get(stage) ?? "") as D;
  return {
    ...{ run, stages },
    pins: runPins.parse(read.get(run.pinsHash!)) as RunPins,
    episode: of<EpisodeDocument>("scenes"),
    script: of<Script>("script"),
    qa: of<Qa>("qa"),
  };
}

const refusal = (t: TestTenant, ...[command, input]: Parameters<TestTenant["execute"]>) =>
  t.execute(command, input).then((executed) => (executed.ok ? [] : executed.problems));

describe("the library", () => {
  it("takes a higher version, refuses any other, and goes back and forth by name", async () => {
    const t = await newTenant();
    const first = await t.run(publishSpec, template("calm", "1.0.0", "Quietly: {topic}."));
    await t.run(publishSpec, template("calm", "1.1.0", "Softly: {topic}."));
    for (const version of ["1.1.0", "1.0.9", "0.9.0"])
      expect(await refusal(t, publishSpec, template("calm", version, "Again: {topic}."))).toEqual([
        {
          code: "CONFLICT",
          path: "version",
          message: "calm is at 1.1.0; publish a higher one, such as 1.1.1, 1.2.0, 2.0.0, or go back with rollbackSpec.",
        },
      ]);
    // 1.10 is higher than 1.9: numbers, not texts.
    await t.run(publishSpec, template("calm", "1.9.0", "Nine: {topic}."));
    await t.run(publishSpec, template("calm", "1.10.0", "Ten: {topic}."));
    const back = await t.run(rollbackSpec, { kind: "TEMPLATE", name: "calm", version: "1.0.0" });
    expect(back).toEqual(first);
    const { data } = await api.ask(
      t.id,
      `{ specs(first: 10, filter: {name: ["calm"]}) { totalCount edges { node { semver current notes content } } } }`,
      {},
    );
    const nodes = (data.specs as { edges: { node: Record<string, unknown> }[] }).edges.map(({ node }) => node);
    expect(nodes.map(({ semver, current }) => [semver, current])).toEqual([
      ["1.0.0", true],
      ["1.1.0", false],
      ["1.9.0", false],
      ["1.10.0", false],
    ]);
    expect(nodes[0]!["notes"]).toBe("What is new in 1.0.0.");
    expect(JSON.parse(nodes[0]!["content"] as string)).toMatchObject({ template: "calm", version: "1.0.0" });
    // Forward again is a rollback undone; a new one still has to be higher than all.
    await t.run(rollbackSpec, { kind: "TEMPLATE", name: "calm", version: "1.10.0" });
    expect(await refusal(t, publishSpec, template("calm", "1.9.5", "No: {topic}."))).toMatchObject([
      { code: "CONFLICT", path: "version" },
    ]);
  });

  it("refuses what a spec can't say by its field", async () => {
    const t = await newTenant();
    const said = async (input: object) =>
      (await refusal(t, publishSpec, { notes: "n", ...input })) as readonly { path: string; message: string }[];
    const prompt = { kind: "PROMPT", name: "p", version: "1.0.0" };
    expect(await said({ ...prompt, version: "1.0", content: "{}" })).toMatchObject([{ path: "version" }]);
    expect(await said({ ...prompt, content: "no" })).toMatchObject([{ path: "content", code: "BAD_INPUT" }]);
    expect(await said({ ...prompt, content: '{"stage":"qa","text":"Judge the whole script."}' })).toMatchObject([
      { path: "content.stage", message: "must be one of planner, research, scenes, script" },
    ]);
    expect(
      await said({ kind: "TEMPLATE", name: "x", version: "1.0.0", content: templateThat("Hello.") }),
    ).toMatchObject([
      { path: "content.scenes.opening.says", message: "must fill something in: {topic}, {publishers}" },
    ]);
    const short = templateThat("{topic}!", { format: "SHORT" });
    expect(await said({ kind: "TEMPLATE", name: "x", version: "1.0.0", content: short })).toMatchObject([
      { path: "content.planner.duration_s" },
    ]);
    expect(
      await said({ kind: "QA", name: "x", version: "1.0.0", content: '{"banned":["!!"],"leastScenes":0,"most":1}' }),
    ).toMatchObject([
      { path: "content.banned.0", message: "must have a letter or a digit" },
      { path: "content.leastScenes", message: "must be from 1 to 100" },
      { path: "content", message: expect.stringContaining("most") },
    ]);
    expect(await said({ ...prompt, kind: "QA", name: "Bad Name", content: "{}" })).toMatchObject([{ path: "name" }]);
  });

  it("gives one of two that publish at once the version, and the other a refusal", async () => {
    const t = await newTenant();
    const order = { ...template("race", "1.0.0", "One: {topic}."), reason: "a test" };
    const answers = await Promise.all(
      ["a", "b"].map((one) =>
        installed().execute(publishSpec, t.caller("tenant-admin"), {
          ...order,
          notes: one,
          operationId: `test/race-${one}-${t.id}`,
        }),
      ),
    );
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
});

describe("whoever is held to a channel", { timeout: 240_000 }, () => {
  it("changes what a name means only while no other channel goes by it", async () => {
    const t = await newTenant();
    const admin = t.caller("tenant-admin");
    const { channelId: other } = await done(createChannel, admin, { title: "Other", platform: "YouTube" });
    const who = { key: "held", name: "Held", kind: "HUMAN", roles: ["tenant-admin"] };
    const { principalId } = await done(registerPrincipal, admin, who);
    await done(grantRole, admin, { principalId, role: "editor", channelIds: [t.channelId] });
    const held = t.person("held", "tenant-admin");
    const kinds = [
      [template("quick", "1.0.0", "One: {topic}."), { template: "quick" }, { template: "quick@1.0.0" }],
      [{ kind: "QA", name: "house", content: "{}", notes: "Strict." }, { qaSpec: "house" }, { qaSpec: "house@1.0.0" }],
      [
        {
          ...{ kind: "PROMPT", name: "ask", notes: "Kinder." },
          content: JSON.stringify({ stage: "script", text: "Say it so that everybody understands it." }),
        },
        { prompts: ["ask"] },
        { prompts: ["ask@1.0.0"] },
      ],
    ] as const;
    for (const [spec, bare, pinned] of kinds) {
      const { kind, name } = spec;
      const publish = (version: string) => act(publishSpec, held, { ...spec, version });
      const rollback = () => act(rollbackSpec, held, { kind, name, version: "1.0.0" });
      // Nobody's yet, and then their own channel's.
      expect(codesOf(await publish("1.0.0")), kind).toEqual([]);
      await done(setChannelConfig, held, { channelId: t.channelId, ...bare });
      expect(codesOf(await publish("1.1.0")), kind).toEqual([]);
      await done(setChannelConfig, admin, { channelId: other, ...bare });
      for (const one of [await publish("1.2.0"), await rollback()])
        expect(one, kind).toMatchObject({
          ok: false,
          problems: [{ code: "FORBIDDEN", message: expect.stringContaining("touches a channel outside") }],
        });
      expect(codesOf(await act(publishSpec, admin, { ...spec, version: "1.2.0" }))).toEqual([]);
      // What names its version isn't changed by what the bare name means.
      await done(setChannelConfig, admin, { channelId: other, ...pinned });
      expect(codesOf(await rollback()), kind).toEqual([]);
    }
    await done(setKillSwitch, admin, { scope: "CHANNEL", target: t.channelId });
    expect(codesOf(await act(rollbackSpec, admin, { kind: "QA", name: "house", version: "1.1.0" }))).toEqual([
      "KILL_SWITCH",
    ]);
  });
});

describe("a channel's config", () => {
  const CONFIGS = `query Q($id: ID!, $asOf: DateTime) {
    channelConfigs(channelId: $id, asOf: $asOf) { version phase template told { by why at command } }
    channelConfig(channelId: $id, asOf: $asOf) { version phase nextSlots goals { uploadsPerWeek } planner { durationS } }
  }`;
  interface Config {
    readonly version: number;
    readonly phase: number;
    readonly told: { readonly by: string; readonly why: string; readonly at: string; readonly command: string };
  }

  it("is a version with who, when and why each time, read as of any instant, and gone back to", async () => {
    const t = await newTenant();
    const { channelId } = t;
    const ask = async (asOf: string | null = null) =>
      (await api.ask(t.id, CONFIGS, { id: channelId, asOf })).data as {
        channelConfigs: Config[];
        channelConfig: Config & { nextSlots: string[]; goals: object; planner: object };
      };
    expect(await ask()).toMatchObject({ channelConfigs: [], channelConfig: { version: 0, phase: 0, nextSlots: [] } });
    await t.run(setChannelConfig, { channelId, phase: 1, goals: { uploadsPerWeek: 2 }, reason: "we begin" });
    await t.run(setChannelConfig, { channelId, phase: 2, planner: { durationS: 120 }, reason: "it goes well" });
    const two = await ask();
    expect(two.channelConfigs.map(({ version, phase, told }) => [version, phase, told.why, told.command])).toEqual([
      [2, 2, "it goes well", "setChannelConfig"],
      [1, 1, "we begin", "setChannelConfig"],
    ]);
    // What wasn't named stayed.
    expect(two.channelConfig).toMatchObject({ goals: { uploadsPerWeek: 2 }, planner: { durationS: 120 } });
    await t.run(rollbackChannelConfig, { channelId, to: 1, reason: "too soon" });
    const three = await ask();
    expect(three.channelConfig).toMatchObject({ version: 3, phase: 1, planner: { durationS: null } });
    expect(three.channelConfigs.map(({ version }) => version)).toEqual([3, 2, 1]);
    // As it was then, whatever came after.
    const then = await ask(two.channelConfigs[0]!.told.at);
    expect([then.channelConfig.version, then.channelConfigs.length]).toEqual([2, 2]);
    // The same again changes nothing.
    await t.run(setChannelConfig, { channelId, phase: 1 });
    expect((await ask()).channelConfig.version).toBe(3);
    expect(await refusal(t, rollbackChannelConfig, { channelId, to: 9 })).toEqual([
      { code: "NOT_FOUND", path: "to", message: "The channel has had no version 9; it has had 1 to 3." },
    ]);
  });

  it("is refused by field with what mends it", async () => {
    const t = await newTenant();
    const said = async (change: object) =>
      (await refusal(t, setChannelConfig, { channelId: t.channelId, ...change })).map(({ path, message }) => [
        path,
        message,
      ]);
    expect(await said({ template: "nowhere" })).toEqual([
      [
        "template",
        "There is no TEMPLATE nowhere: publish it with publishSpec, or look at specs(filter: {kind: [TEMPLATE]}).",
      ],
    ]);
    await t.run(publishSpec, template("calm", "1.0.0", "Quietly: {topic}."));
    expect(await said({ template: "calm@2.0.0" })).toEqual([
      ["template", "There is no TEMPLATE calm 2.0.0: there are 1.0.0."],
    ]);
    expect(await said({ template: "calm@2" })).toMatchObject([
      ["template", expect.stringMatching(/such as calm@1.2.0/)],
    ]);
    expect(await said({ goals: { monthlyRevenue: 10 } })).toEqual([
      ["goals.currency", "must be named beside monthlyRevenue, such as EUR"],
    ]);
    expect(await said({ kpiTargets: { ctr: 4.5 } })).toEqual([
      ["kpiTargets.ctr", "must be from 0 to 1 (a share, not a percentage)"],
    ]);
    expect(await said({ phase: 4 })).toEqual([["phase", "must be from 0 to 3"]]);
    expect(await said({ planner: { questions: ["Why?"] } })).toEqual([
      ["planner.questions.0", "must fill something in: {topic}"],
    ]);
    expect(await said({ calendar: { timeZone: "Nowhere/Else", slots: [] } })).toEqual([
      ["calendar.timeZone", "must be a time zone, such as UTC or Europe/Berlin"],
    ]);
    const slot = { weekday: 1, time: "09:00" };
    expect(await said({ calendar: { timeZone: "UTC", slots: [slot, slot] } })).toEqual([
      ["calendar.slots", "must name each slot once"],
    ]);
    const short = { ...plain, planner: { ...plain.planner, duration_s: 60 }, format: "SHORT" };
    await t.run(publishSpec, { ...template("brief", "1.0.0", ""), content: JSON.stringify(short) });
    expect(await said({ template: "brief", planner: { durationS: 600 } })).toEqual([
      ["planner.durationS", "with the template brief: a SHORT is at most 180 s; say so, or make the format LONG"],
    ]);
    const prompt = {
      kind: "PROMPT",
      version: "1.0.0",
      notes: "n",
      content: '{"stage":"scenes","text":"Write what is so, and no more."}',
    };
    await t.run(publishSpec, { ...prompt, name: "a" });
    await t.run(publishSpec, { ...prompt, name: "b" });
    expect(await said({ prompts: ["a", "b"] })).toEqual([
      ["prompts.1", "A second prompt for the stage scenes: name one."],
    ]);
    await t.run(setChannelConfig, { channelId: t.channelId, phase: 1, version: 1 });
    expect(await said({ phase: 2, version: 1 })).toMatchObject([
      ["version", expect.stringContaining("Version 2 stands by now")],
    ]);
  });
});

describe("runs of channels", { timeout: 240_000 }, () => {
  it("go side by side by configs of their own, and each shows what it pinned", async () => {
    const services = installed();
    const one = await studio(services);
    const { t } = one;
    const { channelId: other } = await t.run(createChannel, { title: "Quick", platform: "video" });
    await t.run(publishSpec, template("calm", "1.0.0", "Quietly: {topic}."));
    await t.run(publishSpec, template("quick", "2.1.0", "Now: {topic}!", { cta: "More of {topic} next week." }));
    const rules = {
      banned: ["Wettstein"],
      mostSceneSeconds: null,
      leastScenes: null,
      leastSources: null,
      mostWords: null,
    };
    await t.run(publishSpec, {
      kind: "QA",
      name: "house",
      version: "1.0.0",
      content: JSON.stringify(rules),
      notes: "No bridges by name.",
    });
    await t.run(setChannelConfig, { channelId: t.channelId, template: "calm@1.0.0", metadata: { mostTags: 0 } });
    await t.run(setChannelConfig, {
      channelId: other,
      ...{ template: "quick", qaSpec: "house", planner: { questions: ["What of {topic}?"] } },
    });
    const runs = await Promise.all([begin(one, services, t.channelId), begin(one, services, other)]);
    await drive(t, services);
    const [calm, quick] = [await ended(t, runs[0]!), await ended(t, runs[1]!)];
    expect([calm.run.status, quick.run.status]).toEqual(["DONE", "DONE"]);
    expect([calm.qa.verdict, quick.qa.verdict]).toEqual(["PASS", "PASS"]);
    const text = (script: Script) => script.parts.map((part) => part.text).join("\n");
    expect(text(calm.script)).toMatch(/^Quietly: Bridges of Basel\./);
    expect(text(quick.script)).toMatch(/^Now: Bridges of Basel!/);
    expect(text(quick.script)).toMatch(/More of Bridges of Basel next week\.$/);
    expect(text(calm.script)).not.toContain("next week");
    expect(calm.script.metadata!.tags).toEqual([]);
    expect(quick.script.metadata!.tags.length).toBeGreaterThan(0);
    // The rule of one channel had a round of its own, and is nothing to the other.
    expect(text(calm.script)).toContain("Wettstein");
    expect(text(quick.script)).not.toContain("Wettstein");
    expect([calm.run.round, quick.run.round]).toEqual([1, 2]);
    const PINS = `query Q($id: ID!) { run(id: $id) { pins { configVersion template { ref specId } qaSpec { ref } prompts { ref } } } }`;
    const pins = async (id: string) => ((await api.ask(t.id, PINS, { id })).data.run as { pins: object }).pins;
    expect(await pins(runs[0]!)).toMatchObject({
      configVersion: 1,
      template: { ref: "calm@1.0.0" },
      qaSpec: null,
      prompts: [],
    });
    expect(await pins(runs[1]!)).toMatchObject({
      configVersion: 1,
      template: { ref: "quick@2.1.0" },
      qaSpec: { ref: "house@1.0.0" },
    });
    // From the episode's run to the version it was told by, on the graph.
    const LINEAGE = `query Q($id: ID!) { lineage(id: $id, direction: UPSTREAM, depth: 1, filter: {edgeTypes: [USES]}) { nodes { id label title } } }`;
    const { nodes } = (await api.ask(t.id, LINEAGE, { id: runs[1]! })).data.lineage as { nodes: { title: string }[] };
    expect(nodes.map(({ title }) => title)).toEqual(expect.arrayContaining(["quick 2.1.0", "house 1.0.0"]));
  });

  it("keep what they began with when they are resumed, whatever was set meanwhile", async () => {
    const services = installed();
    const one = await studio(services);
    const { t } = one;
    await t.run(publishSpec, template("calm", "1.0.0", "Quietly: {topic}."));
    const blocked = { template: "calm", qa: { leastSources: 3 } };
    await t.run(setChannelConfig, { channelId: t.channelId, ...blocked });
    const runId = await begin(one, services, t.channelId);
    await drive(t, services);
    const before = await ended(t, runId);
    expect([before.run.status, before.qa.findings.map(({ code }) => code)]).toEqual([
      "BLOCKED",
      ["CHANNEL_SOURCES_TOO_FEW"],
    ]);
    await t.run(publishSpec, template("calm", "1.1.0", "Loudly: {topic}!"));
    await t.run(setChannelConfig, { channelId: t.channelId, qa: {} });
    await done(resumeRun, t.caller("editor"), { runId });
    await drive(t, services);
    const after = await ended(t, runId);
    expect([after.run.status, after.pins, after.pins.template!.ref]).toEqual(["BLOCKED", before.pins, "calm@1.0.0"]);
    // A new run goes by what stands now: the name means the newer version.
    const next = await begin(one, services, t.channelId);
    await drive(t, services);
    const newer = await ended(t, next);
    expect([newer.run.status, newer.pins.template!.ref, newer.pins.config_version]).toEqual(["DONE", "calm@1.1.0", 2]);
    expect(newer.script.parts[0]!.text).toMatch(/^Loudly: Bridges of Basel!/);
    await t.run(rollbackSpec, { kind: "TEMPLATE", name: "calm", version: "1.0.0" });
    const back = await begin(one, services, t.channelId);
    expect((await ended(t, back)).pins.template!.ref).toBe("calm@1.0.0");
  });

  it("of a channel without a config pin what the installation brings, and share what was researched", async () => {
    const services = installed();
    const one = await studio(services);
    const { t } = one;
    const { channelId: other } = await t.run(createChannel, { title: "Other", platform: "video" });
    // Told otherwise, and nothing else asked: what was read serves both.
    await t.run(publishSpec, template("calm", "1.0.0", "Quietly: {topic}."));
    await t.run(setChannelConfig, { channelId: other, template: "calm" });
    const [first] = [await begin(one, services, t.channelId)];
    await drive(t, services);
    const second = await begin(one, services, other);
    await drive(t, services);
    const [a, b] = [await ended(t, first), await ended(t, second)];
    expect(a.pins).toMatchObject({
      config_version: 0,
      template: { ref: `plain@${plainTemplate().version}`, spec_id: null },
    });
    const hit = (of: typeof a) => of.stages.find(({ stage }) => stage === "research")!.cacheHit;
    expect([hit(a), hit(b)]).toEqual([false, true]);
    // Another language is another research.
    await t.run(publishSpec, template("deutsch", "1.0.0", "Nun: {topic}.", { language: "de" }));
    await t.run(setChannelConfig, { channelId: other, template: "deutsch" });
    const third = await begin(one, services, other);
    await drive(t, services);
    const c = await recordOf(t, third);
    expect(c.stages.find(({ stage }) => stage === "research")).toMatchObject({ cacheHit: false });
  });

  it("aren't begun once the channel's month is spent", async () => {
    const services = installed();
    const one = await studio(services);
    await one.t.run(setChannelConfig, { channelId: one.t.channelId, budgets: { monthUsd: 0 } });
    const executed = await services.execute(startRun, one.t.caller("editor"), {
      ...{ operationId: `test/month-${one.t.id}`, reason: "a test", flow: "episode" },
      ...services.pipeline.resolve("episode", one.t.channelId),
      ...{ topicId: one.topicId, channelId: one.t.channelId, input: one.input },
    });
    expect(executed).toMatchObject({
      ok: false,
      problems: [{ code: "CONFLICT", path: "channelId", message: expect.stringContaining("raise budgets.monthUsd") }],
    });
    expect(parseNodeId(one.t.channelId)).not.toBeNull();
  });
});
