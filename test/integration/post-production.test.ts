import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { DEFAULT_POST_PRODUCTION } from "../../graph-schema/documents/post-production.js";
import { renderPlan } from "../../graph-schema/documents/render-plan.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { exportCommand } from "../../server/cli/export.js";
import { setPostProduction } from "../../server/domains/post-production/post-production.service.js";
import { defineQuery, noRow, params } from "../../server/graph/query.js";
import type { Executed } from "../../server/commands/execute.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act } from "../kit/approvals.js";
import { buildClaim, buildEpisode, buildScene } from "../kit/build.js";
import { testGraph } from "../kit/graph.js";
import { contentOf } from "../kit/records.js";
import { newTenant, operationId, type TestTenant } from "../kit/tenant.js";

vi.setConfig({ testTimeout: 120_000 });

/** Codes and places of a refusal; empty when it was done. */
const faultsOf = (executed: Executed<unknown>): string[] =>
  executed.ok ? [] : executed.problems.map(({ code, path }) => `${code} ${path}`);

/* How episodes are finished, over HTTP and by the command line. No test of this file has an ffmpeg: the plan stands without. */

const NOWHERE = "/nowhere/ffmpeg";
let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startApi({ THROUGHLINE_FFMPEG: NOWHERE });
  folder = await mkdtemp(join(tmpdir(), "throughline-post-"));
  const { uri, user, password } = inject("database");
  const environment = {
    ...{ THROUGHLINE_HOME: api.home, THROUGHLINE_FFMPEG: NOWHERE },
    ...{ NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: String(password) },
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

const CLAIMS = ["The bridge of Basel has 7 arches of stone.", "The ferry carries 120,000 people a year."];

/** An episode of two scenes, each leading to a claim. */
async function told(t: TestTenant): Promise<string> {
  const episodeId = await buildEpisode(t);
  for (const [i, text] of CLAIMS.entries()) {
    const claim = await buildClaim(t, { text });
    const narration = `From the paper of the day, and from nobody else. ${text}`;
    await buildScene(t, { episodeId, ordinal: i + 1, narration, claimIds: [claim] });
  }
  return episodeId;
}

const SET = `mutation ($input: SetPostProductionInput!) { setPostProduction(input: $input) {
  replayed postProduction { id version settings cutPlan mends { path } } mends { path was now why } problems { code path message } } }`;
const SHOW = `query ($id: ID!, $asOf: DateTime) { postProduction(episodeId: $id, asOf: $asOf) {
  episodeId asOf postProductionId settings mends { path was now } cutPlan cutPlanDropped } }`;
const PLAN = `query ($id: ID!, $asOf: DateTime) { renderPlan(episodeId: $id, asOf: $asOf) {
  highlights durationSeconds cuts { from to at scene } timeline ffmpegArguments subtitles subtitleFindingCount
  subtitleFindings { code cue message remedy } ffmpeg { found said } } }`;

async function set(t: TestTenant, episodeId: string, given: object) {
  const input = { operationId: operationId(), reason: "a test", episodeId, ...given };
  return (await api.ask(t.id, SET, { input }, ["editor"])).data.setPostProduction;
}
const show = async (t: TestTenant, id: string, asOf?: string) => (await api.ask(t.id, SHOW, { id, asOf })).data;
const planOf = async (t: TestTenant, id: string) => (await api.ask(t.id, PLAN, { id })).data.renderPlan;
const json = (value: unknown): string => JSON.stringify(value);

const plant = defineQuery({
  name: "testPlantFinish",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; settings: string; cutPlan: string }>(),
  cypher: `MATCH (p:PostProduction {tenantId: $tenantId, id: $id}) SET p.settings = $settings, p.cutPlan = $cutPlan`,
  row: noRow,
});

describe("post-production settings", () => {
  it("are the defaults, then what was saved, mended and told; and what they were before", async () => {
    const t = await newTenant();
    const id = await told(t);
    const before = (await show(t, id)).postProduction;
    expect(before).toMatchObject({ postProductionId: null, mends: [], cutPlan: null });
    expect(JSON.parse(before.settings)).toEqual(DEFAULT_POST_PRODUCTION);
    const input = {
      operationId: operationId(),
      settings: json({ audio: { loudness_lufs: -3 }, timeline: { fps: 29.97 } }),
    };
    const saved = await set(t, id, input);
    expect(saved).toMatchObject({ replayed: false, problems: [], postProduction: { version: 1, mends: [] } });
    expect(saved.mends.map((one: { path: string; was: string; now: string }) => [one.path, one.was, one.now])).toEqual([
      ["timeline.fps", "29.97", "30"],
      ["audio.loudness_lufs", "-3", "-9"],
    ]);
    expect(await set(t, id, input)).toEqual({ ...saved, replayed: true });
    const first = (await show(t, id)).postProduction;
    expect(first.postProductionId).toBe(saved.postProduction.id);
    expect(JSON.parse(first.settings).audio.loudness_lufs).toBe(-9);
    // A cut plan leaves the settings as they are, and new settings take the place of all the old ones.
    const cutPlan = json({ clip: { file: "a.mp4", duration_s: 20 }, cuts: [{ from_s: 1, to_s: 3 }] });
    expect(await set(t, id, { cutPlan, version: 1 })).toMatchObject({ postProduction: { version: 2, cutPlan } });
    expect(faultsOf(await act(setPostProduction, t.caller("editor"), { episodeId: id, cutPlan, version: 1 }))).toEqual([
      "CONFLICT version",
    ]);
    await set(t, id, { settings: json({ colour: { saturation: 0 } }) });
    expect(JSON.parse((await show(t, id)).postProduction.settings)).toMatchObject({
      audio: { loudness_lufs: -14 },
      colour: { saturation: 0 },
    });
    expect((await show(t, id, first.asOf)).postProduction).toEqual(first);
  });

  it("are refused where only who gave them knows what they mean, each by its path, and nothing is written", async () => {
    const t = await newTenant();
    const id = await told(t);
    const before = await contentOf(t.scope);
    const refused = async (given: object) =>
      (await set(t, id, given)).problems.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`);
    expect(await refused({ settings: json({ audio: { mute: "yes", reverb: 1, loudness_lufs: 0 } }) })).toEqual([
      "BAD_INPUT settings.audio.mute",
      "BAD_INPUT settings.audio.reverb",
    ]);
    expect(await refused({ settings: "{" })).toEqual(["BAD_INPUT settings"]);
    expect(await refused({})).toEqual(["BAD_INPUT settings"]);
    const clip = { file: "a.mp4", duration_s: 10 };
    expect(await refused({ cutPlan: json({ clip, cuts: [{ from_s: 5, to_s: 11 }] }) })).toEqual([
      "BAD_INPUT cutPlan.cuts.0.to_s",
    ]);
    expect(await refused({ settings: "{}", cutPlan: json({ clip: { ...clip, file: "../a.mp4" }, cuts: [] }) })).toEqual(
      ["BAD_INPUT cutPlan.clip.file"],
    );
    expect(await contentOf(t.scope)).toEqual(before);
  });

  it("that were saved and aren't valid any more are shown normalised, with what was changed", async () => {
    const t = await newTenant();
    const id = await told(t);
    const { postProduction } = await set(t, id, { settings: "{}" });
    const settings = json({ audio: { loudness_lufs: "loud" }, subtitles: { line_chars: 500 }, lens: 1 });
    await testGraph().write(t.scope, (tx) =>
      tx.run(plant, { id: parseNodeId(postProduction.id)!.id, settings, cutPlan: "{}" }),
    );
    const shown = (await show(t, id)).postProduction;
    expect(JSON.parse(shown.settings)).toEqual({
      ...DEFAULT_POST_PRODUCTION,
      subtitles: { ...DEFAULT_POST_PRODUCTION.subtitles, line_chars: 80 },
    });
    expect(shown.mends).toEqual([
      { path: "audio.loudness_lufs", was: '"loud"', now: "-14" },
      { path: "subtitles.line_chars", was: "500", now: "80" },
      { path: "lens", was: "1", now: "null" },
    ]);
    expect(shown).toMatchObject({ cutPlan: null, cutPlanDropped: true });
    expect(await planOf(t, id)).toMatchObject({ highlights: true });
  });

  it("are nobody else's", async () => {
    const [t, other] = [await newTenant(), await newTenant()];
    const id = await told(t);
    for (const query of [SHOW, PLAN]) {
      const { errors } = await api.ask(other.id, query, { id });
      expect(errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    }
  });
});

describe("a render plan", () => {
  it("has highlights where nobody has cut, which say the claims, and stands without ffmpeg", async () => {
    const t = await newTenant();
    const id = await told(t);
    await set(t, id, { settings: json({ timeline: { highlight_s: 8 } }) });
    const plan = await planOf(t, id);
    expect(plan.highlights).toBe(true);
    expect(plan.durationSeconds).toBeLessThanOrEqual(8);
    expect(plan.cuts.map(({ scene }: { scene: number }) => scene)).toEqual([1, 2]);
    expect(plan.ffmpeg.found).toBe(false);
    expect(plan.ffmpeg.said).toContain("THROUGHLINE_FFMPEG");
    expect(plan.ffmpeg.said).not.toContain(NOWHERE);
    const spoken = plan.subtitles
      .split("\n\n")
      .slice(1)
      .map((cue: string) => cue.split("\n").slice(2).join(" ").trim());
    expect(spoken.join(" ")).toBe(CLAIMS.join(" "));
    expect(renderPlan.parse(JSON.parse(plan.timeline))).toMatchObject({
      episode_id: id,
      arguments: plan.ffmpegArguments,
    });
    expect(await planOf(t, id)).toEqual(plan);
    // To keep all of the clip is to have chosen nothing.
    const clip = { file: "-take 1.mp4", duration_s: 60 };
    await set(t, id, { cutPlan: json({ clip, cuts: [{ from_s: 0, to_s: 60 }] }) });
    expect(await planOf(t, id)).toMatchObject({ highlights: true });
  });

  it("keeps what somebody cut, of the clip that they named", async () => {
    const t = await newTenant();
    const id = await told(t);
    const cuts = [
      { from_s: 2, to_s: 5 },
      { from_s: 40, to_s: 59.5 },
    ];
    await set(t, id, { cutPlan: json({ clip: { file: "-take 1;'.mp4", duration_s: 60 }, cuts }) });
    const plan = await planOf(t, id);
    expect(plan).toMatchObject({ highlights: false, durationSeconds: 22.5 });
    expect(plan.cuts).toEqual([
      { from: 2, to: 5, at: 0, scene: 1 },
      { from: 40, to: 59.5, at: 3, scene: 2 },
    ]);
    expect(plan.ffmpegArguments).toContain("file:-take 1;'.mp4");
  });

  it("is null of an episode that says nothing", async () => {
    const t = await newTenant();
    expect(await planOf(t, await buildEpisode(t))).toBeNull();
  });
});

describe("export render", () => {
  async function run(...args: string[]): Promise<{ code: number; said: string; printed: string }> {
    const [said, printed]: string[][] = [[], []];
    const spies = [
      vi.spyOn(process.stderr, "write").mockImplementation((text) => said!.push(String(text)) > 0),
      vi.spyOn(process.stdout, "write").mockImplementation((text) => printed!.push(String(text)) > 0),
    ];
    const command = exportCommand();
    for (const one of [command, ...command.commands]) one.exitOverride();
    try {
      await command.parseAsync(["render", ...args], { from: "user" });
      return { code: 0, said: said!.join(""), printed: printed!.join("").trim() };
    } catch (error) {
      const { exitCode, message, code } = error as { exitCode: number; message: string; code?: string };
      return { code: code?.startsWith("commander.") ? 2 : exitCode, said: `${said!.join("")}${message}`, printed: "" };
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  it("writes the plan's files whether or not there is an ffmpeg, and says that there is none", async () => {
    const t = await newTenant();
    const id = await told(t);
    const out = join(folder, "plan");
    const done = await run(id, "--tenant", t.id, "--out", out);
    expect(done).toMatchObject({ code: 0, printed: join(out, "timeline.json") });
    expect(done.said).toContain("THROUGHLINE_FFMPEG");
    expect((await readdir(out)).toSorted()).toEqual([
      ...["ffmpeg-arguments.json", "subtitle-findings.json", "subtitles.vtt", "timeline.json"],
    ]);
    const timeline = renderPlan.parse(JSON.parse(await readFile(join(out, "timeline.json"), "utf8")));
    expect(timeline).toEqual(JSON.parse((await planOf(t, id)).timeline));
    expect(JSON.parse(await readFile(join(out, "ffmpeg-arguments.json"), "utf8"))).toEqual(timeline.arguments);
    expect(await run(id, "--tenant", t.id, "--out", out, "--render")).toMatchObject({ code: 1 });
  });

  it("says what is wrong with how it was asked", async () => {
    const t = await newTenant();
    const out = join(folder, "nothing");
    expect(await run("Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1", "--tenant", t.id, "--out", out)).toMatchObject({ code: 2 });
    expect(await run("Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1", "--tenant", t.id, "--out", out)).toMatchObject({ code: 1 });
    expect(await run(await buildEpisode(t), "--tenant", t.id, "--out", out)).toMatchObject({ code: 1 });
    expect(await readdir(folder)).not.toContain("nothing");
  });
});
