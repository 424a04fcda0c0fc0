import { describe, expect, it } from "vitest";
import { DEFAULT_POST_PRODUCTION, postProduction } from "../../../graph-schema/documents/post-production.js";
import { seeded } from "../../../test/kit/random.js";
import { normaliseGiven, normaliseStored } from "./normalise.js";

const given = (value: unknown) => {
  const normalised = normaliseGiven(value);
  return normalised.ok
    ? normalised.mends.map(({ path, was, now }) => `${path}: ${JSON.stringify(was)} -> ${JSON.stringify(now)}`)
    : normalised.faults.map(({ path }) => `refused ${path}`);
};

describe("settings that somebody gives", () => {
  it("take their defaults where they say nothing", () => {
    expect(normaliseGiven({})).toEqual({ ok: true, settings: DEFAULT_POST_PRODUCTION, mends: [] });
    expect(normaliseGiven({ audio: { mute: true } })).toMatchObject({
      settings: { audio: { mute: true, loudness_lufs: -14 } },
      mends: [],
    });
  });

  it.each([
    [{ audio: { loudness_lufs: -5 } }, "audio.loudness_lufs: -5 -> -9"],
    [{ audio: { sample_rate: 46_000 } }, "audio.sample_rate: 46000 -> 44100"],
    [{ timeline: { width: 1_921 } }, "timeline.width: 1921 -> 1920"],
    [{ timeline: { width: 1_921.7 } }, "timeline.width: 1921.7 -> 1922"],
    [{ timeline: { height: 1e9 } }, "timeline.height: 1000000000 -> 7680"],
    [{ timeline: { fps: 29.97 } }, "timeline.fps: 29.97 -> 30"],
    [{ timeline: { fps: 55 } }, "timeline.fps: 55 -> 50"],
    [{ timeline: { transition: " fade " } }, 'timeline.transition: " fade " -> "FADE"'],
    [{ graphics: { background: "FA0" } }, 'graphics.background: "FA0" -> "#ffaa00"'],
    [{ graphics: { logo_place: "top-left" } }, 'graphics.logo_place: "top-left" -> "TOP_LEFT"'],
    [{ graphics: { logo_margin: -0.4 } }, "graphics.logo_margin: -0.4 -> 0"],
    [{ subtitles: { language: "ENG" } }, 'subtitles.language: "ENG" -> "eng"'],
  ])("are mended where their meaning is plain, and it is told: %j", (value, told) => {
    expect(given(value).map((line) => line.replace("-> -0", "-> 0"))).toEqual([told]);
  });

  it.each([
    [{ audio: { loudness_lufs: "-14" } }, "refused audio.loudness_lufs"],
    [{ audio: { loudness_lufs: Number.NaN } }, "refused audio.loudness_lufs"],
    [{ audio: { mute: "yes" } }, "refused audio.mute"],
    [{ audio: null }, "refused audio"],
    [{ audio: { reverb: 1 } }, "refused audio.reverb"],
    [{ timeline: { transition: "wipe" } }, "refused timeline.transition"],
    [{ graphics: { background: "red" } }, "refused graphics.background"],
    [{ graphics: { logo: "../secret.png" } }, "refused graphics.logo"],
    [{ graphics: { logo: ".." } }, "refused graphics.logo"],
    [{ subtitles: { least_s: 5, most_s: 2 } }, "refused subtitles.least_s"],
    [[], "refused "],
    ["{}", "refused "],
    [null, "refused "],
  ])("are refused where only they could say what they mean: %j", (value, told) => {
    expect(given(value)).toEqual([told]);
  });

  it("are refused as a whole when one of them is, whatever could be mended beside it", () => {
    expect(given({ audio: { loudness_lufs: -50, mute: 1 } })).toEqual(["refused audio.mute"]);
  });
});

describe("settings that were saved", () => {
  it("are shown, with what is wrong by now at its default, and what was changed", () => {
    const { settings, mends } = normaliseStored(
      JSON.stringify({ audio: { loudness_lufs: "loud", mute: true }, colour: { saturation: 9 }, lens: { zoom: 2 } }),
    );
    expect(settings).toEqual({
      ...DEFAULT_POST_PRODUCTION,
      audio: { ...DEFAULT_POST_PRODUCTION.audio, mute: true },
      colour: { ...DEFAULT_POST_PRODUCTION.colour, saturation: 3 },
    });
    expect(mends.map(({ path, was, now }) => [path, was, now])).toEqual([
      ["audio.loudness_lufs", "loud", -14],
      ["colour.saturation", 9, 3],
      ["lens", { zoom: 2 }, undefined],
    ]);
  });

  it("are the defaults where nothing, no JSON or no object was saved", () => {
    expect(normaliseStored(null)).toEqual({ settings: DEFAULT_POST_PRODUCTION, mends: [] });
    for (const text of ["{", "7", "[]", "null"]) {
      const { settings, mends } = normaliseStored(text);
      expect(settings, text).toEqual(DEFAULT_POST_PRODUCTION);
      expect(mends, text).toHaveLength(1);
    }
    expect(normaliseStored('{"subtitles":{"least_s":5,"most_s":1}}').settings.subtitles).toMatchObject({ most_s: 1 });
  });

  it("are always such as would be taken today, and changed no more the next time", () => {
    const random = seeded(7);
    const junk = [null, true, -1e12, 1e12, 0.5, "", "x", "#ABC", "fade", [], {}, "../x", 29.97];
    for (let i = 0; i < 500; i++) {
      const value: Record<string, Record<string, unknown>> = {};
      for (const [section, fields] of Object.entries(DEFAULT_POST_PRODUCTION))
        for (const field of Object.keys(fields))
          if (random.below(3) === 0) (value[section] ??= {})[field] = random.pick<unknown>(junk);
      const { settings } = normaliseStored(JSON.stringify(value));
      expect(postProduction.safeParse(settings).success).toBe(true);
      expect(normaliseStored(JSON.stringify(settings))).toEqual({ settings, mends: [] });
    }
  });
});
