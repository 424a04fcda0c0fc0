import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { eventSchema, inboundEnvelopes, INBOUND_TYPES, type InboundType } from "../../graph-schema/events.js";
import { EVENT_TYPES, EVENTS, isPattern, takes } from "../../server/webhooks/event-catalog.js";

const project = join(import.meta.dirname, "../..");
const id = "01JD3Z5X9QW8R7T6Y5V4N3M2K1";
const at = "2026-11-21T06:00:00+01:00";
const stage = { run_id: "run-7", stage: "research", attempt: 1, at };

const GOOD: Record<InboundType, object> = {
  "stage.completed": { ...stage, output_url: "https://runner.example/out/7" },
  "stage.failed": { ...stage, error: "The model didn't answer.", retryable: true },
  "episode.external_status": {
    episode_id: `Episode:${id}`,
    platform: "videos",
    external_id: "dQw4w9",
    status: "public",
    url: "https://videos.example/watch/1",
    at,
  },
  "kpi.reported": { subject_id: `Channel:${id}`, metric: "views", value: 12.5, unit: "count", from: at, to: at },
  "source.changed": { source: "https://publisher.example/a", change: "gone", at },
};

/** What each type must not have, by what is changed in its good data. */
const BAD: Record<InboundType, readonly object[]> = {
  "stage.completed": [{ attempt: 0 }, { attempt: 1.5 }, { stage: "Two words" }, { at: "yesterday" }, { more: 1 }],
  "stage.failed": [{ error: "" }, { retryable: "yes" }, { run_id: undefined }, { error: "x".repeat(2_001) }],
  "episode.external_status": [{ episode_id: `Claim:${id}` }, { status: "PUBLISHED" }, { url: "javascript:alert(1)" }],
  "kpi.reported": [{ subject_id: `Tenant:acme` }, { value: "12" }, { value: null }, { metric: "" }],
  "source.changed": [{ change: "improved" }, { source: "publisher.example" }, { source: "" }, { at: 1_700_000_000 }],
};

const ajv = formats.default(new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }));

describe.each(INBOUND_TYPES)("the event %s", (type) => {
  const folder = join(project, "graph-schema/events");
  it("has its published JSON Schema (vitest --update writes it anew)", async () => {
    const emitted = `${JSON.stringify(eventSchema(type), null, 2)}\n`;
    await expect(emitted).toMatchFileSnapshot(join(folder, `${type}.schema.json`));
  });

  const validate = ajv.compile(eventSchema(type));
  const both = (body: unknown) => [validate(body), inboundEnvelopes[type].safeParse(body).success];

  it("is good as CloudEvents and bare, by its schema and by its shape", () => {
    const data = GOOD[type];
    expect(both({ type, data })).toEqual([true, true]);
    expect(both({ type, timestamp: at, data })).toEqual([true, true]);
    const attributes = { specversion: "1.0", id: "7", source: "//runner", subject: "x", time: at, traceparent: "00-1" };
    expect(both({ ...attributes, type, datacontenttype: "application/json", data })).toEqual([true, true]);
  });

  it("is refused for whatever is wrong in it, by both", () => {
    const bodies = [
      ...BAD[type].map((wrong) => ({ type, data: { ...GOOD[type], ...wrong } })),
      { type, data: {} },
      { type },
      { type, data: [GOOD[type]] },
      { type: `${type}.more`, data: GOOD[type] },
      { type, specversion: "0.3", data: GOOD[type] },
      [{ type, data: GOOD[type] }],
      null,
    ].map((body) => JSON.parse(JSON.stringify(body)) as unknown);
    expect(bodies.filter((body) => both(body).includes(true))).toEqual([]);
  });
});

it("a figure's time doesn't end before it begins", () => {
  const data = { ...GOOD["kpi.reported"], to: "2026-11-20T06:00:00Z" };
  expect(inboundEnvelopes["kpi.reported"].safeParse({ type: "kpi.reported", data }).success).toBe(false);
});

describe("the catalog of events", () => {
  const sources = readdirSync(join(project, "server"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(project, "server", file), "utf8"));

  it("names what the code tells, and nothing else", () => {
    // Events are objects with a literal type, always followed by their subject.
    const literal = sources.flatMap((text) =>
      [...text.matchAll(/\btype: "([a-z-]+\.[a-z.-]+)",\s*subject\b/g)].map((match) => match[1]!),
    );
    const passedOn = INBOUND_TYPES.map((type) => `inbound.${type}`);
    expect([...new Set([...literal, ...passedOn])].toSorted()).toEqual(EVENT_TYPES.toSorted());
    // Every event has its type that way: what is told under a computed one would be missed.
    const computed = sources.flatMap((text) => [...text.matchAll(/\btype: `[^`]+`,\s*subject/g)].map(([all]) => all));
    expect(computed).toEqual(["type: `inbound.${type}`, subject"]);
  });

  it("is what docs/webhooks.md says", () => {
    const text = readFileSync(join(project, "docs/webhooks.md"), "utf8");
    const rows = [...text.matchAll(/^\| `([a-z-]+\.[a-z._-]+)` \| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(
      ([, type, version, subject, data, said]) => [type, Number(version), subject, data, said],
    );
    const told = Object.entries(EVENTS).map(([type, { version, subject, data, said }]) => [
      type,
      version,
      subject,
      data.length === 0 ? "–" : data.map((name) => `\`${name}\``).join(", "),
      said,
    ]);
    expect(rows).toEqual(told);
  });

  it("is chosen from by type, by noun, or whole", () => {
    expect(takes("episode.*", "episode.created")).toBe(true);
    expect(takes("episode.*", "episodes.created")).toBe(false);
    expect(takes("inbound.stage.*", "inbound.stage.failed")).toBe(true);
    expect(takes("*", "claim.status")).toBe(true);
    expect(takes("claim.status", "claim.stated")).toBe(false);
    expect(["*", "episode.*", "claim.status"].every(isPattern)).toBe(true);
    expect(["", "episode", "episode.", "e*", "nothing.*", "Episode.created", "*.created"].some(isPattern)).toBe(false);
  });
});
