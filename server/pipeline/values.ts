import { z } from "zod";
import type { FlowCondition, FlowStage } from "../../graph-schema/documents/flow.js";

/** What references lead into: `run`, `repair`, `repaired`, and the outputs of stages by name. */
export type Values = Readonly<Record<string, unknown>>;

/** The value that a reference names; null for what isn't there. */
export function valueAt(values: Values, reference: string): unknown {
  let value: unknown = values;
  for (const step of reference.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return null;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value ?? null;
}

export function holds(condition: FlowCondition, values: Values): boolean {
  const value = valueAt(values, condition.value);
  if (condition.equals !== undefined) return value === condition.equals;
  if (condition.not_equals !== undefined) return value !== condition.not_equals;
  if (condition.at_least !== undefined) return typeof value === "number" && value >= condition.at_least;
  if (condition.at_most !== undefined) return typeof value === "number" && value <= condition.at_most;
  return (value !== null) === condition.exists;
}

/** Why a condition doesn't hold, for people. */
export function missed(condition: FlowCondition, values: Values): string {
  const { value, equals, not_equals, at_least, at_most, exists } = condition;
  const wanted =
    equals !== undefined
      ? `be ${JSON.stringify(equals)}`
      : not_equals !== undefined
        ? `not be ${JSON.stringify(not_equals)}`
        : at_least !== undefined
          ? `be ${at_least} or more`
          : at_most !== undefined
            ? `be ${at_most} or less`
            : exists === true
              ? "be there"
              : "be missing";
  return `${value} is ${JSON.stringify(valueAt(values, value)).slice(0, 200)}: for this stage it must ${wanted}.`;
}

/** What a stage's executor is given. */
export const inputOf = ({ input }: Pick<FlowStage, "input">, values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).map(([field, reference]) => [field, valueAt(values, reference)]));

/** Stages whose answer before a repair is asked for by a stage. */
export const repairedIn = ({ stages }: { readonly stages: readonly Pick<FlowStage, "input">[] }): string[] => [
  ...new Set(
    stages.flatMap(({ input }) =>
      Object.values(input).flatMap((reference) => /^repaired\.([^.]+)/.exec(reference)?.[1] ?? []),
    ),
  ),
];

/** Findings that are told in full. */
const MOST_FINDINGS = 5;

const finding = z.object({ code: z.string(), at: z.string(), message: z.string(), remedy: z.string() });

/** What a value says, for people: a text as it is, findings with their places and remedies. */
export function wordsOf(value: unknown): string {
  if (typeof value === "string") return value.slice(0, 2_000);
  const findings = z.array(finding).safeParse(value);
  if (!findings.success) return JSON.stringify(value).slice(0, 500);
  const told = findings.data
    .slice(0, MOST_FINDINGS)
    .map(({ code, at, message, remedy }) => `${code} at ${at}: ${message} ${remedy}`.slice(0, 380));
  const more = findings.data.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}
