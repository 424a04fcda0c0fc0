import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { CliError, usageError } from "./exit.js";
import { projectRoot } from "./project.js";

const FOLDER = join(projectRoot, "dist", "test", "bench");

export const benchCommand = (): Command =>
  new Command("bench")
    .description("measure: each figure a ratio of two things in one run")
    .argument("[name]", "lineage, ingest, …")
    .argument("[options...]", "the benchmark's own options; see `bench NAME --help`")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (name: string | undefined, options: string[]) => {
      const names = await benchmarks();
      if (name === undefined || !names.includes(name)) {
        throw usageError(
          names.length === 0
            ? "there are no benchmarks in this build"
            : `which benchmark? There are: ${names.join(", ")}.`,
        );
      }
      const module: unknown = await import(pathToFileURL(join(FOLDER, `${name}.js`)).href);
      if (!hasRun(module)) throw new CliError(`the benchmark ${name} has no \`run\``);
      const code = await module.run(options);
      if (typeof code === "number" && code !== 0) process.exitCode = code;
    });

/** A benchmark is a file with a plain name that exports `run`; its helpers carry a role, such as lineage.store.ts. */
async function benchmarks(): Promise<string[]> {
  const files = await readdir(FOLDER).catch(() => []);
  return files.flatMap((file) => /^([a-z][a-z-]*)\.js$/.exec(file)?.[1] ?? []).sort();
}

function hasRun(module: unknown): module is { run(argv: readonly string[]): Promise<unknown> } {
  return typeof module === "object" && module !== null && "run" in module && typeof module.run === "function";
}
