import { execFile } from "node:child_process";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CutPlan } from "../../../graph-schema/documents/cut-plan.js";
import { postProduction } from "../../../graph-schema/documents/post-production.js";
import { environment } from "../../../test/kit/env.js";
import { findFfmpeg } from "../../pipeline/ffmpeg.js";
import { compileRender, type Compiled } from "./compile.js";
import { SUBTITLES_FILE } from "./ffmpeg-arguments.js";
import type { SpokenScene } from "./speech.js";

const run = promisify(execFile);
const EPISODE = "Episode:01JQ0000000000000000000000";
const SCENES: SpokenScene[] = [
  { ordinal: 1, pacing: "FAST", narration: "A <b>bridge</b> & its --> river.", seconds: 2.5, claims: [] },
  { ordinal: 2, pacing: "SLOW", narration: "It has 7 arches.", seconds: 2.5, claims: ["It has 7 arches."] },
];
/** All that a file name may hold and a shell, an option parser or a filter would take for its own. */
const NASTY = "-i;$(touch pwned) [0:v]'%d',a:b=c";

const compiled = (file: string, cuts: CutPlan["cuts"], settings: object = {}): Compiled =>
  compileRender({
    ...{ episodeId: EPISODE, title: "-y; a 'title' = [x]", scenes: SCENES },
    settings: postProduction.parse(settings),
    cutPlan: { clip: { file, duration_s: 5 }, cuts },
  });

describe("what ffmpeg is told", () => {
  it("holds names that somebody chose only as arguments of their own, behind `file:`", () => {
    const { plan } = compiled(NASTY, [{ from_s: 0, to_s: 2 }], { graphics: { logo: `${NASTY}.png` } });
    const held = plan.arguments.filter((one) => one.includes("touch"));
    expect(held).toEqual([`file:${NASTY}`, `file:${NASTY}.png`]);
    expect(held.every((one) => plan.arguments[plan.arguments.indexOf(one) - 1] === "-i")).toBe(true);
    expect(plan.arguments).toContain("title=-y; a 'title' = [x]");
    const graph = plan.arguments[plan.arguments.indexOf("-filter_complex") + 1]!;
    expect(graph).not.toMatch(/touch|title|'/);
  });

  it("is the same for the same plan", () => {
    expect(compiled("a.mp4", [])).toEqual(compiled("a.mp4", []));
    expect(compiled("a.mp4", []).plan.highlights).toBe(true);
    expect(compiled("a.mp4", [{ from_s: 1, to_s: 2 }]).plan).toMatchObject({ highlights: false, duration_s: 1 });
  });
});

const ffmpeg = await findFfmpeg(environment.ffmpeg);
if (!ffmpeg.found) console.warn(`rendering isn't tested: ${ffmpeg.said}; ${ffmpeg.remedy}`);

describe.skipIf(!ffmpeg.found)("a clip of 5 seconds, rendered", { timeout: 300_000 }, () => {
  const path = ffmpeg.found ? ffmpeg.path : "";
  let folder: string;
  const start = (...args: string[]) =>
    run(path, ["-hide_banner", "-nostdin", ...args], { cwd: folder, maxBuffer: 1e8 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "throughline-render-"));
    // Red, then blue from 2.6 s on, under a quiet tone.
    await start(
      ...[
        "-f",
        "lavfi",
        "-i",
        "color=red:s=320x180:r=25:d=2.6",
        "-f",
        "lavfi",
        "-i",
        "color=blue:s=320x180:r=25:d=2.4",
      ],
      ...["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=5"],
      ...["-filter_complex", "[0:v][1:v]concat=n=2:v=1:a=0[v];[2:a]volume=0.2[a]", "-map", "[v]", "-map", "[a]"],
      ...["-c:v", "mpeg4", "-q:v", "2", "-c:a", "aac", "-f", "mp4", `file:${NASTY}`],
    );
    await start("-f", "lavfi", "-i", "color=white:s=40x40", "-frames:v", "1", "-update", "1", "logo.png");
    await rename(join(folder, "logo.png"), join(folder, `${NASTY}.png`));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function rendered({ plan, webvtt }: Compiled): Promise<string> {
    await writeFile(join(folder, SUBTITLES_FILE), webvtt);
    await run(path, plan.arguments, { cwd: folder, maxBuffer: 1e8 });
    return `file:${plan.output}`;
  }
  const told = async (...args: string[]): Promise<string> => (await start(...args, "-f", "null", "-")).stderr;
  /** Seconds of the frames where a picture is another than the one before it. */
  const changes = async (file: string): Promise<number[]> =>
    [...(await told("-i", file, "-vf", "select='gt(scene,0.2)',showinfo")).matchAll(/pts_time:([\d.]+)/g)].map(
      ([, at]) => Number(at),
    );
  const frames = async (file: string): Promise<number> =>
    Number([...(await told("-i", file, "-map", "0:v")).matchAll(/frame=\s*(\d+)/g)].at(-1)![1]);
  const loudness = async (file: string): Promise<number> =>
    Number(/I:\s+(-?[\d.]+) LUFS/.exec((await told("-i", file, "-af", "ebur128")).split("Summary:").at(-1)!)![1]);

  it("keeps its cuts, to the frame, and is as loud as it was to be", async () => {
    const settings = { timeline: { width: 320, height: 240, fps: 25 }, audio: { loudness_lufs: -20 } };
    const cuts = [
      { from_s: 0.4, to_s: 1.4 },
      { from_s: 1.8, to_s: 4.8 },
    ];
    const file = await rendered(compiled(NASTY, cuts, settings));
    expect(await frames(file)).toBe(100);
    // The colour changes at 2.6 s of the clip, which is 0.8 s into the second cut.
    expect(await changes(file)).toEqual([1.8]);
    expect(Math.abs((await loudness(file)) + 20)).toBeLessThan(1.5);
    const streams = await told("-i", file);
    expect(streams).toMatch(/Video: h264.*320x240.*25 fps/);
    expect(streams).toMatch(/Subtitle: mov_text/);
    expect(streams).toContain("title           : -y; a 'title' = [x]");
  });

  it("is louder where it is to be louder, fades, and carries its logo", async () => {
    const settings = {
      timeline: { width: 320, height: 180, fps: 25, transition: "FADE", transition_s: 0.4 },
      audio: { loudness_lufs: -14 },
      colour: { saturation: 0.5, contrast: 1.1 },
      graphics: { logo: `${NASTY}.png`, logo_margin: 10, background: "#00ff00", logo_opacity: 0.8 },
    };
    const file = await rendered(compiled(NASTY, [{ from_s: 1, to_s: 3.6 }], settings));
    expect(await frames(file)).toBe(65);
    expect(Math.abs((await loudness(file)) + 14)).toBeLessThan(1.5);
  });

  it("has no sound where it is mute, and no track where nothing is said", async () => {
    const settings = { timeline: { width: 160, height: 90 }, audio: { mute: true }, subtitles: { enabled: false } };
    const file = await rendered(compiled(NASTY, [{ from_s: 0, to_s: 1 }], settings));
    const streams = await told("-i", file);
    expect(streams).not.toMatch(/Audio:|Subtitle:/);
    expect(await frames(file)).toBe(30);
  });

  it("has subtitles that ffmpeg reads as they were meant", async () => {
    await writeFile(join(folder, SUBTITLES_FILE), compiled(NASTY, [{ from_s: 0, to_s: 4.9 }]).webvtt);
    const { stdout } = await start("-i", SUBTITLES_FILE, "-f", "srt", "-");
    expect(stdout).toContain("00:00:00,000 --> 00:00:02,");
    expect(stdout).toContain("A <b>bridge</b> & its --> river.");
    expect(stdout).toContain("It has 7 arches.");
  });
});
