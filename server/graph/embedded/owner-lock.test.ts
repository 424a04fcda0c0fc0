import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HeldError, lockOwner, takeLock, waitForLock } from "./owner-lock.js";
import { isAlive, startedAt } from "./processes.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function deadPid(): Promise<number> {
  const child = spawn("true");
  await new Promise((resolve) => child.once("close", resolve));
  return child.pid ?? 0;
}

describe("an owner's lock", () => {
  it("is held by one, names its owner, and is free again once released", async () => {
    const path = join(folder, "a.lock");
    const lock = await takeLock(path);
    await expect(takeLock(path)).rejects.toThrow(HeldError);
    expect((await lockOwner(path))?.pid).toBe(process.pid);
    await lock.release();
    expect(await lockOwner(path)).toBeUndefined();
    await (await takeLock(path)).release();
  });

  it("is none when its process is gone, when another process has its id, or when it is no such file", async () => {
    const path = join(folder, "b.lock");
    const stale = [
      { pid: await deadPid(), started: "1" },
      { pid: process.pid, started: "another time" },
    ].map((owner) => JSON.stringify(owner));
    for (const content of [...stale, "", "half a fi"]) {
      await writeFile(path, content);
      expect(await lockOwner(path)).toBeUndefined();
      const lock = await takeLock(path);
      expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
        pid: process.pid,
        started: await startedAt(process.pid),
      });
      await lock.release();
    }
    expect((await readdir(folder)).filter((name) => name.startsWith("b.lock"))).toEqual([]);
  });

  it("has one winner when many find the same stale file", async () => {
    const path = join(folder, "c.lock");
    await writeFile(path, JSON.stringify({ pid: await deadPid(), started: "1" }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("can be waited for", async () => {
    const path = join(folder, "d.lock");
    const first = await takeLock(path);
    let waitedFor: number | undefined;
    const second = waitForLock(path, (owner) => (waitedFor = owner.pid));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await first.release();
    await (await second).release();
    expect(waitedFor).toBe(process.pid);
  });
});

describe("a process", () => {
  it("is alive until it has ended", async () => {
    expect(await isAlive(process.pid)).toBe(true);
    expect(await isAlive(await deadPid())).toBe(false);
  });
});
