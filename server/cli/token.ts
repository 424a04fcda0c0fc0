import { Command, InvalidArgumentError } from "commander";
import { ROLES, type Role } from "../../graph-schema/nodes/principal.js";
import { print } from "./output.js";
import { cliConfig } from "./project.js";

const HOUR_S = 3_600;

export const tokenCommand = (): Command =>
  new Command("token")
    .description("print a token for the API, and nothing else")
    .requiredOption("--tenant <id>", "whose data it opens")
    .requiredOption("--roles <roles>", `comma-separated: ${ROLES.join(", ")}`, parseRoles)
    .option("--hours <n>", "how long it is good for", parseHours, 24)
    .action(async (options: { tenant: string; roles: readonly Role[]; hours: number }) => {
      const config = cliConfig();
      const [{ withDatabase }, { apiToken }] = await Promise.all([import("./running.js"), import("./api-token.js")]);
      print(
        await withDatabase(config, (services) =>
          apiToken({
            config,
            services,
            tenantId: options.tenant,
            roles: options.roles,
            ttlSeconds: options.hours * HOUR_S,
          }),
        ),
      );
    });

export function parseRoles(text: string): readonly Role[] {
  const asked = new Set(text.split(",").map((role) => role.trim()));
  const unknown = [...asked].filter((role) => !ROLES.some((known) => known === role));
  if (unknown.length > 0)
    throw new InvalidArgumentError(
      `Unknown: ${unknown.map((role) => JSON.stringify(role)).join(", ")}. Roles are ${ROLES.join(", ")}.`,
    );
  return ROLES.filter((role) => asked.has(role));
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (!Number.isFinite(hours) || hours <= 0 || hours > 24 * 366)
    throw new InvalidArgumentError("Expected hours, more than 0 and at most 8784.");
  return hours;
}
