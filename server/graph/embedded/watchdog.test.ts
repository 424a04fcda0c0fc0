import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAlive, signal, sleep } from "./processes.js";
import { guard, type Guarded } from "./watchdog.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "watchdog-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (script: string, graceSeconds = 5, after?: string): Promise<Guarded> =>
  guard({
    command: ["sh", "-c", script],
    logFile: join(folder, "log"),
    graceSeconds,
    cwd: folder,
    ...(after === undefined ? {} : { after }),
  });

async function gone(pid: number): Promise<boolean> {
  for (let wait = 0; wait < 100 && (await isAlive(pid)); wait += 1) await sleep(50);
  return !(await isAlive(pid));
}

describe("the watchdog", () => {
  it("ends what it guards in order when asked, and runs what comes after", async () => {
    const guarded = await start(
      'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done',
      5,
      `echo after > ${join(folder, "after")}`,
    );
    await sleep(200);
    await guarded.stop();
    expect(await guarded.exited).toEqual({ code: 0, asked: true });
    expect(await isAlive(guarded.pid)).toBe(false);
    expect(await gone(guarded.watchdogPid)).toBe(true);
    expect(await readFile(join(folder, "log"), "utf8")).toBe("up\nbye\n");
    expect(await readFile(join(folder, "after"), "utf8")).toBe("after\n");
  });

  it("ends by force what doesn't heed the request within the grace time", async () => {
    const guarded = await start('trap "" TERM; while :; do sleep 0.1; done', 1);
    await sleep(100);
    await guarded.stop();
    expect(await guarded.exited).toEqual({ code: 137, asked: true });
    expect(await isAlive(guarded.pid)).toBe(false);
  });

  it("tells when what it guards ends by itself, with its code", async () => {
    const guarded = await start("exit 7");
    expect(await guarded.exited).toEqual({ code: 7, asked: false });
    const killed = await start("sleep 60");
    signal(killed.pid, "SIGKILL");
    expect(await killed.exited).toEqual({ code: 137, asked: false });
  });

  it("leaves nothing running when it is itself killed", async () => {
    const guarded = await start("exec sleep 60");
    signal(guarded.watchdogPid, "SIGKILL");
    expect(await guarded.exited).toEqual({ code: null, asked: false });
    expect(await isAlive(guarded.pid)).toBe(false);
  });

  it("passes a request to end on", async () => {
    const guarded = await start("exec sleep 60");
    signal(guarded.watchdogPid, "SIGTERM");
    expect((await guarded.exited).asked).toBe(false);
    expect(await isAlive(guarded.pid)).toBe(false);
  });
});
