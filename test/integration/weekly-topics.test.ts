import { describe, expect, it } from "vitest";
import { weeklyTopics } from "../../jobs/weekly-topics.job.js";
import { workOf } from "../../jobs/scheduler.js";
import { createChannel } from "../../server/domains/channel/channel.service.js";
import { liftKillSwitch, setKillSwitch } from "../../server/domains/kill-switch/kill-switch.service.js";
import { cancelRun } from "../../server/domains/run/run.service.js";
import { decideStage } from "../../server/domains/run/signal.service.js";
import { weekOf } from "../../server/domains/run/weekly.service.js";
import type { Installation } from "../../server/pipeline/office.js";
import { readRun } from "../../server/domains/run/run.repository.js";
import { readerOf } from "../../server/pipeline/office.js";
import { done } from "../kit/approvals.js";
import { testGraph } from "../kit/graph.js";
import { drive, installation, pipelineServices, recordOf } from "../kit/pipeline.js";
import { recordsOf } from "../kit/records.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* Each channel has the flow of weekly topics once a week, whatever happened in the hour when it was due. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The flow `weekly-topics` with executors of the test's own; the second stage waits for somebody. */
function weekly(executors = true): Installation {
  const made = installation(
    `
  - { name: candidates, run: a, output: thing, input: { channel: run.channel_id } }
  - { name: proposals, run: b, output: thing, needs: [candidates], approval: { question: "These?" } }
`,
    { a: (_, { channel }) => ({ output: { channel } }), ...(executors ? { b: () => ({ output: {} }) } : {}) },
  );
  const flow = {
    ...made.flows.get("test")!,
    flow: "weekly-topics",
    title: "Topics of the week",
    requires: ["channel"],
  };
  return { ...made, flows: new Map([["weekly-topics", flow as typeof flow & { requires: ["channel"] }]]) };
}

interface Week {
  readonly services: ReturnType<typeof pipelineServices>;
  /** The job's run of that instant: how many flows it started. */
  tick(at: number): Promise<number>;
  due(at: number): Promise<number>;
}

function weekOfTenant(t: TestTenant, installed: Installation): Week {
  const services = pipelineServices(installed);
  const go = (at: number, dryRun: boolean) =>
    workOf(
      services,
      weeklyTopics,
      t.id,
    )({
      name: services.jobs.tickName("weekly-topics", t.id, at, "minute"),
      scheduledAt: at,
      dryRun,
      guard: { tenantId: t.id, maxMs: 30_000, hold: async () => () => undefined },
      signal: new AbortController().signal,
      trouble: (error) => {
        throw error;
      },
    });
  return { services, tick: (at) => go(at, false), due: (at) => go(at, true) };
}

/** The runs that were started, oldest first: public ids. */
async function startedIn(t: TestTenant): Promise<string[]> {
  const { events } = await recordsOf(t.scope);
  return events
    .filter(({ type }) => type === "run.started")
    .map(({ subject }) => String(subject))
    .sort();
}

const channelOf = async (t: TestTenant, runId: string) =>
  (await readRun(readerOf(testGraph(), t.id), runId.split(":")[1]!))!.channelId;

const addChannel = async (t: TestTenant, title: string): Promise<string> =>
  (await done(createChannel, t.caller("tenant-admin"), { title, platform: "video" })).channelId;

const next = (at: number): number => weekOf(at) + 7 * DAY;

describe("the week's topics", () => {
  it("are started for each channel, once, in this process's name, and wait for somebody", async () => {
    const t = await newTenant();
    const second = await addChannel(t, "Second");
    const week = weekOfTenant(t, weekly());
    const now = Math.floor(Date.now() / HOUR) * HOUR;
    expect(await week.due(now)).toBe(2);
    expect(await week.tick(now)).toBe(2);
    // A second go of the same run, and the next hours of the week.
    for (const at of [now, now + HOUR, weekOf(now) + 7 * DAY - HOUR]) expect(await week.tick(at)).toBe(0);
    expect(await week.due(now + HOUR)).toBe(0);
    const runs = await startedIn(t);
    expect((await Promise.all(runs.map((id) => channelOf(t, id)))).sort()).toEqual([t.channelId, second].sort());
    await drive(t, week.services);
    for (const id of runs)
      expect((await recordOf(t, id)).run).toMatchObject({
        status: "WAITING",
        startedBy: "system",
        flow: "weekly-topics",
      });
    // Nobody in the studio started it, so any approver may decide.
    await done(decideStage, t.person("abby", "approver"), { runId: runs[0], stage: "proposals", approve: true });
    await drive(t, week.services);
    expect((await recordOf(t, runs[0]!)).run.status).toBe("DONE");
  });

  it("come again the next week, but not to a channel whose last ones still wait for somebody", async () => {
    const t = await newTenant();
    const second = await addChannel(t, "Second");
    const week = weekOfTenant(t, weekly());
    const now = Date.now();
    expect(await week.tick(now)).toBe(2);
    const [first] = (await Promise.all((await startedIn(t)).map(async (id) => [id, await channelOf(t, id)]))).filter(
      ([, channel]) => channel === t.channelId,
    );
    await done(cancelRun, t.caller("editor"), { runId: first![0] });
    expect(await week.tick(next(now) - HOUR)).toBe(0);
    expect(await week.tick(next(now))).toBe(1);
    const runs = await startedIn(t);
    expect(runs).toHaveLength(3);
    expect(await channelOf(t, runs.at(-1)!)).toBe(t.channelId);
    expect((await Promise.all(runs.map((id) => channelOf(t, id)))).filter((id) => id === second)).toHaveLength(1);
  });

  it("are left out of a channel that is stopped, and made up for once it isn't, while others have theirs", async () => {
    const t = await newTenant();
    const second = await addChannel(t, "Second");
    const week = weekOfTenant(t, weekly());
    const now = Date.now();
    const { killSwitchId } = await done(setKillSwitch, t.caller("tenant-admin"), { scope: "CHANNEL", target: second });
    expect(await week.tick(now)).toBe(1);
    expect(await week.tick(now + HOUR)).toBe(0);
    await done(liftKillSwitch, t.caller("tenant-admin"), { killSwitchId });
    expect(await week.tick(now + 2 * HOUR)).toBe(1);
    expect(await channelOf(t, (await startedIn(t)).at(-1)!)).toBe(second);
  });

  it("are nothing where an executor of the flow isn't installed", async () => {
    const t = await newTenant();
    const week = weekOfTenant(t, weekly(false));
    expect([await week.due(Date.now()), await week.tick(Date.now())]).toEqual([0, 0]);
    expect(await startedIn(t)).toEqual([]);
  });
});

it("a week begins on Monday at 05:00 UTC", () => {
  const at = (text: string) => Date.parse(text);
  for (const within of ["2026-11-23T05:00Z", "2026-11-25T12:00Z", "2026-11-30T04:59Z"])
    expect(new Date(weekOf(at(within))).toISOString()).toBe("2026-11-23T05:00:00.000Z");
  expect(new Date(weekOf(at("2026-11-30T05:00Z"))).toISOString()).toBe("2026-11-30T05:00:00.000Z");
});
