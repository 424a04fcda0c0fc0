import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { errno } from "../graph/embedded/problem.js";
import { CliError, EXIT } from "./exit.js";
import { say } from "./output.js";

export const flowCommand = (): Command =>
  new Command("flow").description("flows of the pipeline, without a database").addCommand(checkCommand());

const checkCommand = (): Command =>
  new Command("check")
    .description("read a flow as the pipeline does, and tell everything that is wrong with it, by line")
    .argument("<file...>", "YAML; what its keys mean: docs/pipeline.md")
    .action(async (files: string[]) => {
      const [{ readFlow }, { TASKS }] = await Promise.all([
        import("../pipeline/flow-file.js"),
        import("../pipeline/tasks.js"),
      ]);
      for (const file of files) {
        const read = readFlow(await textOf(file), TASKS);
        if (read.ok) {
          const { flow, version, stages } = read.flow;
          process.stdout.write(`${file}: flow ${flow} ${version}, ${stages.length} stages\n`);
          continue;
        }
        for (const { line, path, message } of read.problems)
          say(`${file}:${line}: ${path === "" ? "" : `${path}: `}${message}`);
        process.exitCode = EXIT.failed;
      }
    });

const textOf = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: unknown) => {
    throw new CliError(`${file} can't be read (${errno(error) ?? String(error)}).`);
  });
