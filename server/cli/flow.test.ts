import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { projectRoot } from "../../test/kit/project-root.js";
import { flowCommand } from "./flow.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flow-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

async function check(...files: string[]) {
  const told = { out: "", said: "" };
  vi.spyOn(process.stdout, "write").mockImplementation((part) => ((told.out += String(part)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((part) => ((told.said += String(part)), true));
  await flowCommand().parseAsync(["check", ...files], { from: "user" });
  return told;
}

describe("flow check", () => {
  it("names a flow that is right", async () => {
    const { out, said } = await check(join(projectRoot, "server/pipeline/flows/episode.yaml"));
    expect(out).toMatch(/episode\.yaml: flow episode \d+\.\d+\.\d+, 7 stages\n$/);
    expect([said, process.exitCode]).toEqual(["", undefined]);
  });

  it("tells all that is wrong with another, by line, and goes on with the next file", async () => {
    const file = join(folder, "bad.yaml");
    await writeFile(
      file,
      `flow: bad
version: 1.0.0
title: Bad
stages:
  - { name: one, run: planner, output: plan, needs: [two] }
  - { name: two, run: planner, output: plan, needs: [one] }
  - { name: three, run: nobody, output: plan, needs: [four], retry: 3 }
`,
    );
    const broken = join(folder, "broken.yaml");
    await writeFile(broken, "flow: [\n");
    const { out, said } = await check(file, broken);
    expect(out).toBe("");
    expect(said).toContain(`${file}:7: stages.2.retry: there is no such key: retry`);
    expect(said).toMatch(/broken\.yaml:2: /);
    expect(process.exitCode).toBe(1);
    await writeFile(file, (await readFile(file, "utf8")).replace(", retry: 3", ""));
    const again = await check(file);
    expect(again.said).toContain(`${file}:5: stages.0.needs.0: a cycle: one needs two, which needs one`);
    expect(again.said).toContain(`${file}:7: stages.2.needs.0: there is no stage four`);
  });

  it("says which file it can't read", async () => {
    await expect(check(join(folder, "none.yaml"))).rejects.toThrow(/none\.yaml can't be read \(ENOENT\)/);
  });
});
