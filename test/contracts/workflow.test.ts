import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const project = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");

const workflow = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      "runs-on": z.string(),
      "timeout-minutes": z.number(),
      steps: z.array(
        z.object({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});
const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

const { jobs } = workflow.parse(parse(read(".github/workflows/ci.yml")));
const steps = Object.values(jobs).flatMap((job) => job.steps);
const commandsOf = (job: string) => (jobs[job]?.steps ?? []).flatMap((step) => step.run?.split(" && ") ?? []);
const { scripts } = manifest.parse(JSON.parse(read("package.json")));

/** Why a command of the workflow could not run in a fresh checkout after `npm ci`; null when it could. */
function obstacle(command: string): string | null {
  const [program = "", first = "", ...rest] = command.trim().split(/\s+/);
  if (program === "npm" && first === "ci")
    return existsSync(join(project, "package-lock.json")) ? null : "no lock file";
  if (program === "npm" && first === "run") return scripts[rest[0] ?? ""] === undefined ? `no script ${rest[0]}` : null;
  if (program === "npx") {
    if (!existsSync(join(project, "node_modules/.bin", first))) return `${first} is no dependency`;
    const paths = rest.filter((word) => word.includes("/"));
    const missing = paths.find((path) => !existsSync(join(project, path)));
    return missing === undefined ? null : `${missing} does not exist`;
  }
  try {
    accessSync(join(project, program), constants.X_OK);
    return null;
  } catch {
    return `${program} is no program of this project`;
  }
}

describe("the workflow", () => {
  it("has the jobs that a change must pass", () => {
    expect(Object.keys(jobs)).toEqual(["lint", "contracts", "test"]);
    expect(commandsOf("lint")).toContain("npm run lint");
    expect(commandsOf("test")).toEqual(["./throughline test"]);
  });

  it.each(Object.keys(jobs).flatMap((job) => commandsOf(job).map((command) => [job, command] as const)))(
    "%s: `%s` can run",
    (_, command) => {
      expect(obstacle(command)).toBeNull();
    },
  );

  it("pins every action to a commit and names the version beside it", () => {
    const lines = read(".github/workflows/ci.yml")
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(lines.length).toBe(steps.filter((step) => step.uses !== undefined).length);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("runs on the oldest Node.js and the Java that are promised", () => {
    const versionsOf = (action: string, key: string) =>
      steps.filter((step) => step.uses?.startsWith(`actions/${action}@`)).map((step) => step.with?.[key]);
    expect(new Set(versionsOf("setup-node", "node-version"))).toEqual(new Set(["20"]));
    expect(versionsOf("setup-java", "java-version")).toEqual(["17"]);
  });

  it("fetches the history that a comparison with main needs", () => {
    for (const job of ["contracts", "test"]) {
      const checkout = jobs[job]?.steps.find((step) => step.uses?.startsWith("actions/checkout@"));
      expect(checkout?.with?.["fetch-depth"], job).toBe(0);
    }
  });

  it("runs every contract by name", () => {
    const own = ["workflow.test.ts", "documentation.test.ts"];
    const files = readdirSync(join(project, "test/contracts")).filter(
      (name) => name.endsWith(".test.ts") && !own.includes(name),
    );
    const named = commandsOf("contracts").join(" ").split(" ");
    expect(files.filter((name) => !named.includes(`test/contracts/${name}`))).toEqual([]);
  });
});
