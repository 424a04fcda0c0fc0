import type { Caller } from "./caller.js";
import type { Command } from "./command.js";
import type { Problem } from "./problem.js";

/**
 * How the ids of operations begin that this installation makes for itself, most of them known before they are used. Whoever else
 * could take one first would make that operation fail: a night's job, a stage of a run, the token of the first start, a message from outside.
 */
export const OWN_OPERATIONS = [
  "cli",
  "erase",
  "import",
  "job",
  "platform",
  "restore",
  "run",
  "seed",
  "webhook",
] as const;
export type OwnOperation = (typeof OWN_OPERATIONS)[number];

const OWN = new RegExp(`^(${OWN_OPERATIONS.join("|")})/`);

/**
 * What is wrong with an operation id that begins like one of this installation's own, or null. This process may take any; a door
 * that acts in somebody's name, such as an import's, may take those of its own command, which is in reach of nobody else.
 */
export function ownIdTaken(door: OwnOperation | undefined, { internal }: Caller, operationId: string): Problem | null {
  const begins = OWN.exec(operationId)?.[1];
  if (begins === undefined || internal !== undefined || begins === door) return null;
  return {
    code: "BAD_INPUT",
    path: "operationId",
    message: `must not begin with \`${begins}/\`, as this installation's own operations do; take another id, such as a UUID`,
  };
}

/** The command as one door gives it that acts in somebody's name: under operation ids of its own, which it makes. */
export const givenBy = <C extends Pick<Command, "door">>(door: OwnOperation, command: C): C => ({ ...command, door });
