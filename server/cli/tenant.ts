import { Command } from "commander";
import { ulid } from "ulid";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";
import { backupCommand, exportCommand, restoreCommand } from "./tenant-copy.js";
import { moveCommand } from "./tenant-move.js";
import { eraseCommand, resumeCommand, suspendCommand } from "./tenant-state.js";

export const tenantCommand = (): Command =>
  new Command("tenant")
    .description("administration of tenants")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(suspendCommand())
    .addCommand(resumeCommand())
    .addCommand(exportCommand())
    .addCommand(backupCommand())
    .addCommand(restoreCommand())
    .addCommand(moveCommand())
    .addCommand(eraseCommand());

const createCommand = (): Command =>
  new Command("create")
    .description("onboard a tenant: itself, its admin and its first channel")
    .argument("<id>", "its slug for life: 2 to 40 of a-z, 0-9 and hyphen, beginning with a letter")
    .option("--name <name>", "its name for people (default: the id)")
    .option("--region <region>", "its home region (default: this process's)")
    .action(async (id: string, options: { name?: string; region?: string }) => {
      const config = cliConfig();
      const [{ withDatabase }, { createTenant }, { systemCaller }] = await Promise.all([
        import("./running.js"),
        import("../domains/tenant/tenant.service.js"),
        import("../commands/caller.js"),
      ]);
      await withDatabase(config, async (services) => {
        const executed = await services.execute(createTenant, systemCaller(id), {
          id,
          name: options.name ?? id,
          region: options.region ?? config.region,
          operationId: `cli/tenant/${ulid()}`,
          reason: "tenant create",
        });
        if (!executed.ok) throw refused(executed.problems);
        say(`created tenant ${id}`);
        print(id);
      });
    });

const listCommand = (): Command =>
  new Command("list")
    .description("the tenants of this database")
    .option("--json", "as JSON: [{id,name,region,status}]")
    .action(async (options: { json?: true }) => {
      const { withDatabase } = await import("./running.js");
      const tenants = await withDatabase(cliConfig(), (services) => services.tenants());
      if (options.json) {
        print(JSON.stringify(tenants.map(({ id, name, region, status }) => ({ id, name, region, status }))));
        return;
      }
      if (tenants.length === 0) say("there are no tenants; make one with `./throughline tenant create ID`");
      const width = Math.max(2, ...tenants.map((tenant) => tenant.id.length));
      for (const tenant of tenants)
        print(`${tenant.id.padEnd(width)}  ${tenant.region}  ${tenant.status}  ${tenant.name}`);
    });
