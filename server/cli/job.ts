import { Command } from "commander";
import { ulid } from "ulid";
import { CliError, EXIT } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";
import { DEMO_TENANT } from "./sign-in.js";

export const jobCommand = (): Command =>
  new Command("job").description("what is done again and again").addCommand(listCommand()).addCommand(runCommand());

const listCommand = (): Command =>
  new Command("list")
    .description("the jobs, when they ran last and will next, and who has them")
    .option("--tenant <id>", "of whom", DEMO_TENANT)
    .option("--json", "as JSON: [{name,schedule,timeZone,scope,lastRun,nextRun,lagMs,holder}]")
    .action(async (options: { tenant: string; json?: true }) => {
      const config = cliConfig();
      const [{ withDatabase }, { listJobs }] = await Promise.all([import("./running.js"), import("./job-run.js")]);
      const jobs = await withDatabase(config, (services) => listJobs(services, options.tenant));
      if (options.json) return print(JSON.stringify(jobs));
      const iso = (at: number | null | undefined): string => (at == null ? "-" : new Date(at).toISOString());
      for (const { name, schedule, timeZone, scope, lastRun, nextRun, lagMs } of jobs) {
        const last = lastRun === null ? "never" : `${lastRun.status} ${iso(lastRun.finishedAt ?? lastRun.startedAt)}`;
        print(`${name}  ${scope}  ${schedule}  ${timeZone}  last ${last}  next ${iso(nextRun)}  lag ${lagMs} ms`);
      }
    });

const runCommand = (): Command =>
  new Command("run")
    .description("run a job now, beside its schedule")
    .argument("<name>", "as `job list` names it")
    .option("--tenant <id>", "for whom; the platform's jobs run for all", DEMO_TENANT)
    .option("--dry-run", "count what would be done, and do nothing")
    .action(async (name: string, options: { tenant: string; dryRun?: true }) => {
      const config = cliConfig();
      const [{ withDatabase }, { runNow }] = await Promise.all([import("./running.js"), import("./job-run.js")]);
      const asked = {
        name,
        tenantId: options.tenant,
        region: config.region,
        dryRun: options.dryRun === true,
        operationId: `cli/job/${ulid()}`,
        reason: "job run",
      };
      const answer = await withDatabase(config, (services) => runNow(services, asked, say));
      if ("problems" in answer) throw refused(answer.problems);
      const { run } = answer;
      print(
        JSON.stringify({
          run: run.name,
          status: run.status,
          attempt: run.attempt,
          effects: run.effects,
          dryRun: run.dryRun,
        }),
      );
      if (run.status !== "DONE") throw new CliError(run.error ?? `The run is ${run.status}.`, EXIT.failed);
    });
