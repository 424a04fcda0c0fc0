import { join } from "node:path";
import { Command } from "commander";
import { ulid } from "ulid";
import type { Services } from "../services.js";
import { CliError } from "./exit.js";
import { inRegion } from "./other-region.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { restoreProgress, toCliError } from "./tenant-copy.js";
import { withServices } from "./tenant-state.js";

export const moveCommand = (): Command =>
  new Command("move")
    .description("move a tenant to another region; run it again after a stop, or call it off with `tenant resume`")
    .argument("<id>")
    .requiredOption("--to <region>", "one that the tenant allows and that stands in regions.yaml")
    .option("--json", "as JSON: {tenant, from, to, nodes, edges, sha256}")
    .action((id: string, { to, json }: { to: string; json?: true }) =>
      withServices(async (services) => {
        const config = cliConfig();
        const [{ carryOver }, { readMove }, { loadRegions }] = await Promise.all([
          import("../domains/tenant/move.service.js"),
          import("../tenancy/move.js"),
          import("../tenancy/regions.js"),
        ]);
        const here = await readMove(services.graph, id);
        if (here === undefined) throw new CliError(`There is no tenant ${id}.`);
        const regions = await loadRegions(config);
        const progress = restoreProgress();
        const go = (target: Services | null) =>
          carryOver({
            tenantId: id,
            from: { ...services, audit: services.audit! },
            to: target,
            region: to,
            path: join(services.moves!.folder(id), `${ulid()}.jsonl`),
            reason: "tenant move",
            told: say,
            progress: progress.show,
          });
        const goes = regions?.[to] !== undefined && to !== config.region && here.allowedRegions.includes(to);
        const moved = await (goes ? inRegion(config, regions!, to, services, go) : go(null)).catch(toCliError);
        progress.end();
        await services.moves!.drop(id);
        const counted = moved === null ? "" : `: ${moved.nodes} nodes, ${moved.edges} edges, compared`;
        say(`moved tenant ${id} from ${config.region} to ${to}${counted}; tokens and webhooks are made anew there`);
        print(json ? JSON.stringify({ tenant: id, from: config.region, to, ...moved }) : id);
      }),
    );
