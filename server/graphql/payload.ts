import { Field, InputType, ObjectType, registerEnumType } from "type-graphql";
import { parseNodeId } from "../../graph-schema/node-id.js";
import type { Command } from "../commands/command.js";
import { OWN_OPERATIONS } from "../commands/own-operation.js";
import { PROBLEM_CODES, type Problem as ProblemData, type ProblemCode } from "../commands/problem.js";
import { afterWrite, callerOf, type Context } from "./context.js";
import type { At } from "./loaders.js";

export const ProblemCodeEnum = Object.fromEntries(Object.keys(PROBLEM_CODES).map((code) => [code, code]));
registerEnumType(ProblemCodeEnum, {
  name: "ProblemCode",
  description: "Why a change was refused. Nothing was written.",
  valuesConfig: Object.fromEntries(Object.entries(PROBLEM_CODES).map(([code, description]) => [code, { description }])),
});

@ObjectType({ description: "One reason why a change was refused." })
export class Problem implements ProblemData {
  @Field(() => ProblemCodeEnum, { description: "What kind of reason." })
  code!: ProblemCode;

  @Field(() => String, { description: "The reason, and what mends it, for people." })
  message!: string;

  @Field(() => String, {
    description: "The input field at fault, such as `quote.exact` or `claimIds.2`; empty for the whole.",
  })
  path!: string;
}

@ObjectType({ description: "What every mutation answers." })
export abstract class MutationPayload {
  @Field(() => String, { description: "The operation id that was given." })
  operationId!: string;

  @Field(() => Boolean, {
    description: "True when the operation had been done before: this is its stored result, and nothing was done again.",
  })
  replayed!: boolean;

  @Field(() => [Problem], { description: "Empty when it was done; otherwise why nothing was." })
  problems!: ProblemData[];
}

const OWN = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(OWN_OPERATIONS.map((begins) => `${begins}/`));

@InputType({ description: "What every mutation takes." })
export abstract class MutationInput {
  @Field(() => String, {
    description: `Your name for this change, 8 to 128 of A-Z a-z 0-9 / _ : . -; the same id with the same input is done once, however often it is sent. It doesn't begin with ${OWN}, which are this installation's own.`,
  })
  operationId!: string;

  @Field(() => String, { description: "Why; it stands in the audit and on the edges that the change opens." })
  reason!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The decision record that it follows, such as `docs/adr/0004` or a Decision's id; stands in the audit.",
  })
  adr?: string | null;
}

/** Runs a command for the request's caller and answers its payload, with what `load` reads of the result, or `empty` when it was refused. */
export async function perform<R, P extends object>(
  context: Context,
  command: Command<never, R> | Command<unknown, R>,
  input: object,
  load: (result: R) => Promise<P>,
  empty: P,
): Promise<MutationPayload & P> {
  const executed = await context.services.execute(command as Command<unknown, R>, callerOf(context), input);
  const { operationId } = executed;
  if (!executed.ok) return { ...empty, operationId, replayed: false, problems: [...executed.problems] };
  afterWrite(context, executed.bookmarks, executed.at);
  return { ...(await load(executed.result)), operationId, replayed: executed.replayed, problems: [] };
}

/** The same for commands that answer ids of nodes: `nouns` maps each payload field to the result's id. */
export async function mutate<R extends Readonly<Record<string, string>>, F extends string>(
  context: Context,
  command: Command<never, R> | Command<unknown, R>,
  input: object,
  nouns: Readonly<Record<F, keyof R>>,
): Promise<MutationPayload & { [K in F]: At | null }> {
  const fields = Object.keys(nouns) as F[];
  type Found = { [K in F]: At | null };
  const load = async (result: R): Promise<Found> => {
    const loaded = fields.map(async (field) => {
      const id = parseNodeId(result[nouns[field]] ?? "");
      return [field, id === null ? null : await context.loaders.node.load({ key: id, asOf: context.now })] as const;
    });
    return Object.fromEntries(await Promise.all(loaded)) as Found;
  };
  return perform(context, command, input, load, Object.fromEntries(fields.map((field) => [field, null])) as Found);
}
