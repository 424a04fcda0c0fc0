import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { DOCUMENT_NAMES, DOCUMENTS, type DocumentName } from "../../graph-schema/documents.js";

const project = join(import.meta.dirname, "../..");
const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(project, ...path), "utf8"));

interface Wrong {
  /** Where the sample is wrong, as a JSON pointer. */
  readonly at: string;
  /** Where JSON Schema says so, if not there: null when it cannot see it at all, and only the zod shape does. */
  readonly schema?: string | null;
}

const WRONG: Record<DocumentName, Record<string, Wrong>> = {
  research: {
    "empty-quote": { at: "/key_facts/0/quote/exact" },
    "fact-of-an-unlisted-source": { at: "/key_facts/1/source_ref", schema: null },
    "fact-without-quote": { at: "/key_facts/1/quote" },
    "flag-about-nothing": { at: "/risk_flags/0/refs/1", schema: null },
    "no-sources": { at: "/sources" },
    "no-such-day": { at: "/data_points/0/as_of" },
    "number-as-text": { at: "/data_points/0/value" },
    "one-name-for-two-things": { at: "/data_points/0/ref", schema: null },
    "tier-four": { at: "/sources/2/tier" },
    "topic-is-a-claim": { at: "/topic/id" },
    "undefined-field": { at: "/key_facts/0/confidence" },
    "unknown-flag": { at: "/risk_flags/0/code" },
    "url-of-a-file": { at: "/sources/0/url" },
  },
  scene: {
    "claim-without-evidence": { at: "/claims/1/evidence" },
    "claim-without-sources": { at: "/claims/0/source_refs" },
    "empty-narration": { at: "/narration" },
    "lasts-no-time": { at: "/duration_s" },
    "names-a-source-it-does-not-quote": { at: "/claims/1/source_refs/1", schema: null },
    "no-ordinal": { at: "/ordinal" },
    "ordinal-zero": { at: "/ordinal" },
    "quotes-a-source-it-does-not-name": { at: "/claims/0/evidence_sources/0", schema: null },
    "same-source-twice": { at: "/claims/0/source_refs/1", schema: "/claims/0/source_refs" },
    "unknown-pacing": { at: "/pacing" },
  },
  episode: {
    "channel-by-name": { at: "/channel_id" },
    "claim-in-a-scene-without-kind": { at: "/scenes/1/claims/0/kind" },
    "no-scenes": { at: "/scenes" },
    "no-topic": { at: "/topic_id" },
    "published-by-hand": { at: "/status" },
    "scene-is-text": { at: "/scenes/2" },
    "scenes-with-a-gap": { at: "/scenes/2/ordinal", schema: null },
  },
  flow: {
    cycle: { at: "/stages/0/needs/0", schema: null },
    "endless-repair": { at: "/stages/2/repair/rounds" },
    "no-stages": { at: "/stages" },
    "reference-to-a-later-stage": { at: "/stages/0/input/source_id", schema: null },
    "retries-as-text": { at: "/stages/0/retries" },
    "time-without-unit": { at: "/stages/1/timeout" },
    "unknown-field": { at: "/stages/0/owner" },
    "unknown-stage": { at: "/stages/1/needs/0", schema: null },
  },
  "post-production": {
    "colour-by-name": { at: "/graphics/background" },
    "logo-in-a-folder": { at: "/graphics/logo" },
    "loudness-as-text": { at: "/audio/loudness_lufs" },
    "odd-width": { at: "/timeline/width" },
    "shortest-above-longest": { at: "/subtitles/least_s", schema: null },
    "too-loud": { at: "/audio/loudness_lufs" },
    "unknown-frame-rate": { at: "/timeline/fps" },
    "unknown-setting": { at: "/audio/reverb" },
  },
  "cut-plan": {
    backwards: { at: "/cuts/0/to_s", schema: null },
    "behind-the-end": { at: "/cuts/0/to_s", schema: null },
    "clip-without-length": { at: "/clip/duration_s" },
    negative: { at: "/cuts/0/from_s" },
    "one-over-another": { at: "/cuts/1/from_s", schema: null },
    "path-of-a-clip": { at: "/clip/file" },
  },
  "render-plan": {
    "arguments-as-one-text": { at: "/arguments" },
    "cue-without-lines": { at: "/subtitles/0/lines" },
    "nothing-kept": { at: "/cuts" },
    "of-a-claim": { at: "/episode_id" },
    "settings-out-of-bounds": { at: "/settings/audio/loudness_lufs" },
  },
};

const namesIn = (document: DocumentName, kind: "good" | "bad") =>
  readdirSync(join(project, "test/samples", document, kind)).map((file) => file.replace(/\.json$/, ""));

/** Where ajv finds fault, a missing or undefined field counting as the place where it is missing or stands. */
function faultsBySchema(document: DocumentName, sample: unknown): string[] {
  const ajv = formats.default(new Ajv2020({ allErrors: true, strict: true }));
  const validate = ajv.compile(readJson("graph-schema/documents", `${document}.schema.json`) as object);
  validate(sample);
  return (validate.errors ?? []).map(({ instancePath, params }) => {
    const field: unknown = params.missingProperty ?? params.additionalProperty;
    return typeof field === "string" ? `${instancePath}/${field}` : instancePath;
  });
}

function faultsByShape(document: DocumentName, sample: unknown): string[] {
  const { error } = DOCUMENTS[document].safeParse(sample);
  return (error?.issues ?? []).flatMap((issue) => {
    const places = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return places.map((path) => `/${path.map(String).join("/")}`);
  });
}

const unique = (values: readonly string[]) => [...new Set(values)];

describe.each(DOCUMENT_NAMES)("samples of %s", (document) => {
  it.each(namesIn(document, "good"))("%s is good by the JSON Schema and by the zod shape", (name) => {
    const sample = readJson("test/samples", document, "good", `${name}.json`);
    expect(faultsBySchema(document, sample)).toEqual([]);
    expect(faultsByShape(document, sample)).toEqual([]);
  });

  it.each(namesIn(document, "bad"))("%s is refused where it is wrong, and only there", (name) => {
    const sample = readJson("test/samples", document, "bad", `${name}.json`);
    const { at, schema = at } = WRONG[document][name] ?? { at: "a place named in this test" };
    expect(unique(faultsBySchema(document, sample))).toEqual(schema === null ? [] : [schema]);
    expect(unique(faultsByShape(document, sample))).toEqual([at]);
  });

  it("are all there", () => {
    expect(namesIn(document, "bad").toSorted()).toEqual(Object.keys(WRONG[document]).toSorted());
    expect(namesIn(document, "good")).not.toEqual([]);
  });
});
