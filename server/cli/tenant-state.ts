import { Command } from "commander";
import { ulid } from "ulid";
import type { Command as Change } from "../commands/command.js";
import type { Services } from "../services.js";
import { CliError, EXIT, usageError } from "./exit.js";
import { dropArrivals } from "./other-region.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";

/** Gives a command on the tenant as whoever is at this machine; throws what refused it. */
export async function onTenant<I, R>(
  services: Services,
  command: Change<I, R>,
  id: string,
  more: object = {},
): Promise<R> {
  const { systemCaller } = await import("../commands/caller.js");
  if (!(await services.tenants()).some((tenant) => tenant.id === id)) throw new CliError(`There is no tenant ${id}.`);
  const executed = await services.execute(command, systemCaller(id), {
    tenantId: `Tenant:${id}`,
    operationId: `cli/tenant/${ulid()}`,
    reason: command.name,
    ...more,
  });
  if (!executed.ok) throw refused(executed.problems);
  return executed.result;
}

export async function withServices<T>(work: (services: Services) => Promise<T>): Promise<T> {
  const { withDatabase } = await import("./running.js");
  return withDatabase(cliConfig(), work);
}

export const suspendCommand = (): Command =>
  new Command("suspend")
    .description("stop all changes of a tenant; it can still be read, exported and erased")
    .argument("<id>")
    .action((id: string) =>
      withServices(async (services) => {
        const { suspendTenant } = await import("../domains/tenant/tenant-state.service.js");
        await onTenant(services, suspendTenant, id);
        say(`suspended tenant ${id}; \`tenant resume ${id}\` lets it change again`);
      }),
    );

export const resumeCommand = (): Command =>
  new Command("resume")
    .description("let a suspended tenant change again, or call off a move that is under way")
    .argument("<id>")
    .action((id: string) =>
      withServices(async (services) => {
        const [{ resumeTenant }, { readMove }] = await Promise.all([
          import("../domains/tenant/tenant-state.service.js"),
          import("../tenancy/move.js"),
        ]);
        const before = await readMove(services.graph, id);
        await onTenant(services, resumeTenant, id);
        await services.moves?.drop(id);
        if (before?.status !== "MOVING") return say(`tenant ${id} takes changes again`);
        const after = await readMove(services.graph, id);
        say(
          `called off the move of tenant ${id} to ${before.movesTo}; ${after?.status === "SUSPENDED" ? "it is suspended, as before" : "it takes changes again"}`,
        );
        const remedy = "When it can be, begin the move again and call it off, or erase the tenant: both drop it.";
        await dropArrivals(services, id, remedy, before.movesTo ?? undefined);
      }),
    );

export const eraseCommand = (): Command =>
  new Command("erase")
    .description("erase a tenant for good: proposes it, and deletes what it had once somebody else has approved")
    .argument("<id>")
    .requiredOption("--confirm <id>", "the id once more")
    .action((id: string, { confirm }: { confirm: string }) => {
      if (confirm !== id) throw usageError(`--confirm must say ${id}; nothing was done`);
      return withServices(async (services) => {
        const erased = (await services.tenants()).some((tenant) => tenant.id === id && tenant.status === "ERASED");
        await (erased ? deleteContent(services, id) : proposeErasure(services, id));
      });
    });

async function proposeErasure(services: Services, id: string): Promise<void> {
  const { propose } = await import("../domains/proposal/proposal.service.js");
  const { proposalId } = await onTenant(services, propose, id, { action: "eraseTenant", subjectId: `Tenant:${id}` });
  print(proposalId);
  if ((await services.tenants()).some((tenant) => tenant.id === id && tenant.status === "ERASED"))
    return deleteContent(services, id);
  throw new CliError(
    `Proposed, and nothing is erased yet: somebody of the tenant who may approve has to approve ${proposalId} first ` +
      `(where you are alone: with the approver's sign-in link that \`up\` prints). Run this again after it, or wait for the job erase-tenants.`,
    EXIT.refused,
  );
}

async function deleteContent(services: Services, id: string): Promise<void> {
  const { eraseContent } = await import("../tenancy/erase.js");
  const done = await eraseContent(services.graph, id);
  await services.moves?.drop(id);
  if (done === null) throw new CliError(`Tenant ${id} isn't erased; nothing was deleted.`);
  const left = Object.entries(done.left);
  if (left.length > 0)
    throw new CliError(`Still there: ${left.map(([label, nodes]) => `${nodes} ${label}`).join(", ")}; run this again.`);
  say(
    `erased tenant ${id}: ${done.deleted} nodes deleted, 0 left; its audit log stays, ${done.entries} entries without their texts`,
  );
  await dropArrivals(services, id, "Run this again when it can be.");
}
