import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument, Command } from "commander";
import { z } from "zod";
import { provideBrowser } from "./browser.js";
import { EXIT } from "./exit.js";
import { print, say } from "./output.js";
import { projectRoot } from "./project.js";
import { SUITES, suitesWithTests, type Suite } from "./test-suites.js";

export const testCommand = (): Command =>
  new Command("test")
    .description("the short forms of all suites, or one, on a real Neo4j and a real browser")
    .addArgument(new Argument("[suite]", "which one").choices(SUITES))
    .option("--full", "the long forms")
    .action(async (suite: Suite | undefined, options: { full?: true }) => {
      const present = await suitesWithTests();
      if (suite !== undefined && !present.has(suite)) {
        say(`there are no ${suite} tests yet`);
        print("0 passed, 0 failed, 0 skipped");
        return;
      }
      for (const absent of suite === undefined ? SUITES.filter((name) => !present.has(name)) : [])
        say(`there are no ${absent} tests yet`);
      const chosen = suite === undefined ? [...present] : [suite];
      if (chosen.includes("e2e")) await provideBrowser();
      const tally = await runVitest(chosen, options.full === true);
      print(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
      if (!tally.success) process.exitCode = EXIT.failed;
    });

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly success: boolean;
}

const reportShape = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

async function runVitest(suites: readonly Suite[], full: boolean): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "throughline-test-"));
  const report = join(folder, "report.json");
  const args = [
    "run",
    ...suites.map((suite) => `--project=${suite}`),
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const vitest = [process.execPath, join(projectRoot, "node_modules", "vitest", "vitest.mjs"), ...args];
  const child = spawn("env", [...(full ? ["THROUGHLINE_TEST_FULL=1"] : []), ...vitest], {
    cwd: projectRoot,
    // Standard output is for the result; what vitest says is progress.
    stdio: ["ignore", 2, 2],
  });
  // Ctrl-C reaches vitest too, which stops its workers; we wait for it, to leave nothing behind.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  const forward = (): void => void child.kill("SIGTERM");
  process.on("SIGTERM", forward);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  process.off("SIGINT", ignore);
  process.off("SIGTERM", forward);
  try {
    return tally(JSON.parse(await readFile(report, "utf8")), code);
  } catch {
    say("vitest ended without a report; what went wrong stands above");
    return { passed: 0, failed: 1, skipped: 0, success: false };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Counts tests. A file that couldn't even be loaded counts as one that failed. */
export function tally(report: unknown, code: number | null): Tally {
  const { success, testResults } = reportShape.parse(report);
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const file of testResults) {
    let failed = 0;
    for (const { status } of file.assertionResults) {
      if (status === "passed") count.passed += 1;
      else if (status === "failed") failed += 1;
      else count.skipped += 1;
    }
    count.failed += file.status === "failed" && failed === 0 ? 1 : failed;
  }
  return { ...count, success: success && code === 0 && count.failed === 0 };
}
