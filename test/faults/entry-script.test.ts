import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { projectRoot } from "../kit/project-root.js";

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;

// A checkout in small: the real script, and a build that leaves a line behind each time it runs.
const BUILD = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
appendFileSync("builds.log", "built\\n");
const source = readFileSync("server/main.ts", "utf8");
if (source.includes("BROKEN")) { console.error("a type error"); process.exit(1); }
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
mkdirSync("dist/server/cli", { recursive: true });
writeFileSync("dist/server/cli/main.js", "console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), source: " + JSON.stringify(source) + " }))");
`;

let root: string;
const roots: string[] = [];
afterAll(() => Promise.all(roots.map((made) => rm(made, { recursive: true, force: true }))));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "throughline-entry-"));
  roots.push(root);
  await copyFile(join(projectRoot, "throughline"), join(root, "throughline"));
  await chmod(join(root, "throughline"), 0o755);
  await mkdir(join(root, "server"));
  const header = { name: "small", version: "1.0.0" };
  await writeFile(
    join(root, "package.json"),
    JSON.stringify({ ...header, private: true, scripts: { build: "node build.cjs" } }),
  );
  await writeFile(
    join(root, "package-lock.json"),
    JSON.stringify({ ...header, lockfileVersion: 3, packages: { "": header } }),
  );
  await writeFile(join(root, "build.cjs"), BUILD);
  await writeFile(join(root, "server", "main.ts"), "one");
  await writeFile(join(root, "server", "extra.ts"), "extra");
});

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (script: string, args: readonly string[] = [], path?: string): Promise<Result> =>
  run("env", [...(path === undefined ? [] : [`PATH=${path}`]), script, ...args], { cwd: tmpdir() }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Result) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
const throughline = (...args: string[]): Promise<Result> => start(join(root, "throughline"), args);
const builds = async (): Promise<number> =>
  (await readFile(join(root, "builds.log"), "utf8").catch(() => "")).split("\n").length - 1;

describe("the entry script", { timeout: TIMEOUT_MS }, () => {
  it("installs and builds once, then passes arguments and folder on as they are", async () => {
    const first = await throughline("import", "a b.jsonl", "--tenant", "");
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/installing dependencies[^]*building/);
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ["import", "a b.jsonl", "--tenant", ""], source: "one" });
    const second = await throughline("status");
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(second.stdout)).toMatchObject({ cwd: JSON.parse(first.stdout).cwd });
    expect(await builds()).toBe(1);
  });

  it("builds again when a source changed or went away, not when a test did", async () => {
    await throughline();
    await writeFile(join(root, "server", "main.test.ts"), "a test");
    await throughline();
    expect(await builds()).toBe(1);
    await writeFile(join(root, "server", "main.ts"), "two");
    expect(JSON.parse((await throughline()).stdout)).toMatchObject({ source: "two" });
    await rm(join(root, "server", "extra.ts"));
    await throughline();
    expect(await builds()).toBe(3);
  });

  it("builds once for many that come at the same time, and all of them run", async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => throughline("x")));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
    expect(await builds()).toBe(1);
  });

  it("shows why a build failed, runs nothing old, and recovers", async () => {
    await throughline();
    await writeFile(join(root, "server", "main.ts"), "BROKEN");
    const broken = await throughline();
    expect(broken).toMatchObject({ code: 1, stdout: "" });
    expect(broken.stderr).toMatch(/a type error[^]*the build failed/);
    await writeFile(join(root, "server", "main.ts"), "mended");
    expect(JSON.parse((await throughline()).stdout)).toMatchObject({ source: "mended" });
  });

  it("isn't held up by the lock of a process that was killed", async () => {
    await mkdir(join(root, ".throughline", "prepare.lock"), { recursive: true });
    await writeFile(join(root, ".throughline", "prepare.lock", "pid"), "999999999\n");
    expect(await throughline()).toMatchObject({ code: 0 });
  });

  it("finds its checkout through a symbolic link", async () => {
    const link = join(root, "link");
    await symlink("throughline", link);
    expect(await start(link)).toMatchObject({ code: 0 });
  });

  it("says which Node it needs when there is none or an old one", async () => {
    const bin = join(root, "bin");
    await mkdir(bin);
    for (const tool of ["sh", "dirname", "env", "readlink"]) {
      const { stdout } = await run("sh", ["-c", `command -v ${tool}`]);
      await symlink(stdout.trim(), join(bin, tool));
    }
    const none = await start(join(root, "throughline"), [], bin);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^throughline: Node\.js 20\.19 or newer is needed and isn't installed; get it from/);
    await writeFile(join(bin, "node"), "#!/bin/sh\necho v18.20.4\n", { mode: 0o755 });
    const old = await start(join(root, "throughline"), [], bin);
    expect(old.code).toBe(1);
    expect(old.stderr).toMatch(
      /^throughline: Node\.js 20\.19 or newer is needed and this is v18\.20\.4 \(.*\); install a newer one\.$/m,
    );
  });
});
