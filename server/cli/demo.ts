import { Command } from "commander";
import { print } from "./output.js";
import { EXIT } from "./exit.js";
import { cliConfig } from "./project.js";

export const demoCommand = (): Command =>
  new Command("demo")
    .description("what Throughline does, on your own pages, in the demo studio")
    .addCommand(episodeCommand())
    .addCommand(retractionCommand());

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

const retractionCommand = (): Command =>
  new Command("retraction")
    .description("retract a source that live episodes stand on, with approvals; exit 3 where none does")
    .option("--source <id>", "the source (default: the newest that live episodes stand on)")
    .option("--json", "as JSON: {sourceId, claims, scenes, liveEpisodes, incidentId, taskIds}")
    .action(async (options: { source?: string; json?: true }) => {
      const config = cliConfig();
      const [{ runningServer, withDatabase }, { demoRetraction }] = await Promise.all([
        import("./running.js"),
        import("./demo-retraction.js"),
      ]);
      // Its jobs seal the audit, without which nothing irreversible is done.
      await runningServer(config.home);
      const made = await withDatabase(config, (services) => demoRetraction(services, options));
      if (options.json) print(JSON.stringify(made));
      else if (made.sourceId !== null) print(made.sourceId);
      if (made.sourceId === null) process.exitCode = EXIT.refused;
    });
