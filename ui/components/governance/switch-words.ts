import type { SwitchScope } from "../../gql/graphql.js";

/** What a switch stops, as the beginning of a sentence about it. */
export function whatItStops({ scope, target }: { scope: SwitchScope; target?: string | null }): string {
  if (scope === "TENANT") return "The whole studio is stopped.";
  return scope === "CHANNEL" ? `The channel ${target ?? ""} is stopped.` : `${target ?? ""} is stopped.`;
}
