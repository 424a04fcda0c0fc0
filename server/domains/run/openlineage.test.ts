import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { environment } from "../../../test/kit/env.js";
import { openLineage, uuidOf } from "./openlineage.js";

/** What OpenLineage 2-0-2 demands of a RunEvent. */
const facets = z.record(z.string(), z.looseObject({ _producer: z.url(), _schemaURL: z.url() })).optional();
const dataset = z.looseObject({ namespace: z.string(), name: z.string(), facets });
const runEvent = z.looseObject({
  eventType: z.enum(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]).optional(),
  eventTime: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  run: z.looseObject({ runId: z.guid(), facets }),
  job: z.looseObject({ namespace: z.string(), name: z.string(), facets }),
  inputs: z.array(dataset).optional(),
  outputs: z.array(dataset).optional(),
  producer: z.url(),
  schemaURL: z.url(),
});

const RUN = {
  id: "PipelineRun:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  ulid: "01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  flow: "episode",
  flowVersion: "1.0.0",
};
const STAGE = {
  ulid: "01JD3Z5X9QW8R7T6Y5V4N3M2K2",
  stage: "research",
  inputHash: "a".repeat(64),
  outputHash: "b".repeat(64),
  problem: "It took too long.",
};
const AT = Date.UTC(2026, 10, 21);

describe("events of OpenLineage", () => {
  it.each(["START", "COMPLETE", "FAIL", "ABORT", "OTHER"] as const)(
    "of %s are whole, of runs and of stages",
    (type) => {
      for (const event of [openLineage("demo", type, AT, RUN), openLineage("demo", type, AT, RUN, STAGE)]) {
        expect(runEvent.safeParse(event.data).error).toBeUndefined();
        expect(event).toMatchObject({
          subject: RUN.id,
          data: { eventType: type, eventTime: "2026-11-21T00:00:00.000Z" },
        });
      }
    },
  );

  it("name a stage's run as its parent, its documents by their hashes, and why it failed", () => {
    const { data } = openLineage("demo", "FAIL", AT, RUN, STAGE);
    expect(data).toMatchObject({
      job: { namespace: "throughline.demo", name: "episode.research" },
      run: {
        runId: uuidOf(STAGE.ulid),
        facets: {
          parent: { run: { runId: uuidOf(RUN.ulid) }, job: { name: "episode" } },
          errorMessage: { message: "It took too long." },
        },
      },
      inputs: [{ name: `document/${"a".repeat(64)}` }],
      outputs: [{ name: `document/${"b".repeat(64)}` }],
    });
  });

  it("have the 128 bits of the ULID as their run's id", () => {
    expect(uuidOf("00000000000000000000000000")).toBe("00000000-0000-0000-0000-000000000000");
    expect(uuidOf("7ZZZZZZZZZZZZZZZZZZZZZZZZZ")).toBe("ffffffff-ffff-ffff-ffff-ffffffffffff");
    expect(uuidOf("0000000000000000000000000Z")).toBe("00000000-0000-0000-0000-00000000001f");
  });

  const folder = join(environment.data, "provenance", "openlineage_events");
  it.skipIf(!existsSync(folder))("have the shape that others' run events have", () => {
    const events = readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as object)
      // Events of jobs and datasets alone are others, and one sample lacks what the standard demands.
      .filter((event) => "run" in event && "schemaURL" in event);
    expect(events.length).toBeGreaterThan(5);
    for (const event of events) expect(runEvent.safeParse(event).error).toBeUndefined();
  });
});
