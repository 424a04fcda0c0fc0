import { Command } from "commander";
import { print } from "./output.js";
import { EXIT } from "./exit.js";
import { cliConfig } from "./project.js";

export const demoCommand = (): Command =>
  new Command("demo")
    .description("what Throughline does, on your own pages, in the demo studio")
    .addCommand(episodeCommand());

const episodeCommand = (): Command =>
  new Command("episode")
    .description("take a topic to a published episode, with approvals; exit 3 where its evidence doesn't bear it")
    .option("--topic <text>", "what it is about (default: the title of the first page)")
    .option("--pages <dir>", "a folder of HTML pages, the only sources (default: what the demo studio holds)")
    .option("--json", "as JSON: {episodeId, runId, proposalId, approvers, packSha256, stages}")
    .action(async (options: { topic?: string; pages?: string; json?: true }) => {
      const config = cliConfig();
      const [{ runningServer, withDatabase }, { demoEpisode }] = await Promise.all([
        import("./running.js"),
        import("./demo-episode.js"),
      ]);
      // Its jobs drive the run, and seal the audit.
      await runningServer(config.home);
      const made = await withDatabase(config, (services) => demoEpisode(services, options));
      if (options.json) print(JSON.stringify(made));
      else if (made.episodeId !== null) print(made.episodeId);
      if (made.episodeId === null) process.exitCode = made.refused ? EXIT.refused : EXIT.failed;
    });
