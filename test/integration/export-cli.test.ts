import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { exportCommand } from "../../server/cli/export.js";
import { systemCaller } from "../../server/commands/caller.js";
import { upLockPath, writeRun } from "../../server/cli/run-file.js";
import { suspendTenant } from "../../server/domains/tenant/tenant-state.service.js";
import { takeLock } from "../../server/graph/embedded/owner-lock.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done } from "../kit/approvals.js";
import { buildChain } from "../kit/build.js";
import { parseCsv } from "../kit/csv.js";
import { plantedId } from "../kit/plant.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* The command against a real server; test/faults/export.test.ts has it started by the script, as a user does. */

let api: TestApi;
let lock: { release(): Promise<void> };
let folder: string;
let t: TestTenant;
let chain: Awaited<ReturnType<typeof buildChain>>;

beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), "throughline-export-"));
  lock = await takeLock(upLockPath(api.home));
  const { uri, user, password } = inject("database");
  await writeRun(api.home, { url: api.url, graphql: `${api.url}/graphql`, bolt: uri, pid: process.pid, ready: true });
  const environment = {
    THROUGHLINE_HOME: api.home,
    NEO4J_URI: uri,
    NEO4J_USER: user,
    NEO4J_PASSWORD: String(password),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  t = await newTenant();
  chain = await buildChain(t);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await lock.release();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

/** As the command line runs it; everything that it says goes to standard error. */
async function run(...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const command = exportCommand();
  for (const one of [command, ...command.commands]) one.exitOverride();
  try {
    await command.parseAsync(["lineage", ...args], { from: "user" });
    return { code: 0, said: said.join("") };
  } catch (error) {
    const { exitCode, message, code } = error as { exitCode: number; message: string; code?: string };
    // Commander's own refusals are usage, as server/cli/main.ts has them.
    return { code: code?.startsWith("commander.") ? 2 : exitCode, said: `${said.join("")}${message}` };
  } finally {
    spy.mockRestore();
  }
}

describe("export lineage", { timeout: 120_000 }, () => {
  const out = () => join(folder, "lineage");
  const its = (...args: string[]) => [chain.episode, "--tenant", t.id, ...args, "--out", out()];

  it("writes each format whole, says how much it is and for when, and leaves no other file", async () => {
    const { code, said } = await run(...its("--format", "csv", "--depth", "5"));
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^exported 6 nodes and 5 edges as of \S+Z \(not settled yet/),
    ]);
    const rows = parseCsv(await readFile(out(), "utf8")).slice(1);
    expect(rows.map((row) => row[3]).toSorted()).toEqual(
      ["CAPTURED_FROM", "HAS_SCENE", "QUOTED_FROM", "STATES", "SUPPORTED_BY"].toSorted(),
    );
    const asOf = / as of (\S+) /.exec(said)![1]!;
    for (const format of ["json", "prov-json", "prov-jsonld", "claimreview"]) {
      expect((await run(...its("--format", format, "--depth", "2", "--as-of", asOf))).code, format).toBe(0);
      expect(typeof JSON.parse(await readFile(out(), "utf8")), format).toBe("object");
    }
    const down = [chain.source, "--tenant", t.id, "--format", "csv", "--direction", "downstream", "--out", out()];
    expect((await run(...down)).code).toBe(0);
    expect(parseCsv(await readFile(out(), "utf8")).slice(1)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["lineage"]);
  });

  it("says by its exit code what kind of refusal it is, in a sentence, and leaves an older file as it was", async () => {
    await writeFile(out(), "older");
    const one = [chain.claim, "--tenant", t.id] as const;
    const cases: readonly (readonly [number, string, readonly string[]])[] = [
      [2, "isn't the id of a node", ["nonsense", "--tenant", t.id, "--format", "csv"]],
      [2, "Allowed choices are csv", [...one, "--format", "xml"]],
      [2, "--format", one],
      [2, "--tenant", [chain.claim, "--format", "csv"]],
      [2, "from 1 to 12", [...one, "--format", "csv", "--depth", "13"]],
      [2, "`asOf`", [...one, "--format", "csv", "--as-of", "yesterday"]],
      [2, "future", [...one, "--format", "csv", "--as-of", "2999-01-01"]],
      [2, "There is no claim within 1 hop", [chain.episode, "--tenant", t.id, "--format", "claimreview"]],
      [1, "There is no such thing", [...one, "--format", "csv", "--as-of", "1999-01-01"]],
      [1, "There is no such thing", [plantedId("Claim"), "--tenant", t.id, "--format", "csv"]],
      [1, "There is no tenant", [chain.claim, "--tenant", "nobody", "--format", "csv"]],
    ];
    for (const [code, said, args] of cases) {
      const answer = await run(...args, "--out", out());
      expect([answer.code, answer.said], args.join(" ")).toEqual([code, expect.stringContaining(said)]);
    }
    const nowhere = await run(...one, "--format", "csv", "--out", join(folder, "no", "such", "file"));
    expect([nowhere.code, nowhere.said]).toEqual([2, expect.stringContaining("can't be written (ENOENT)")]);
    await done(suspendTenant, systemCaller(t.id), { tenantId: `Tenant:${t.id}` });
    expect((await run(...one, "--format", "csv", "--out", out())).code).toBe(3);
    expect(await readFile(out(), "utf8")).toBe("older");
    expect(await readdir(folder)).toEqual(["lineage"]);
  });
});
