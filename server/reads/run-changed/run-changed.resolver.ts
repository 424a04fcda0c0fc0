import { Arg, ID, Resolver, Root, Subscription } from "type-graphql";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, renew, type Context } from "../../graphql/context.js";
import { RunChanged } from "./run-changed.type.js";

/** The first answer says how far the run is, and that listening has begun. */
async function listenTo(context: Context, args: { readonly id: string }): Promise<AsyncIterableIterator<RunChanged>> {
  const { tenantId } = callerOf(context);
  const run = idArgument("id", args.id, ["PipelineRun"]);
  const told = await context.services.runFeed.listen(tenantId, run.id);
  if (told === null) throw DomainError.notFound();
  const id = `PipelineRun:${run.id}`;
  let begun = false;
  const listening: AsyncIterableIterator<RunChanged> = {
    async next() {
      if (!begun) {
        begun = true;
        renew(context, 0);
        const { status, round, stages, at } = told.begun;
        return { done: false, value: { id, ready: true, at, status, round, stages } };
      }
      const { done, value } = await told.next();
      if (done === true) return { done, value: undefined };
      renew(context, value.at);
      return { done: false, value: { id, ready: false, ...value } };
    },
    async return() {
      await told.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => listening,
  };
  return listening;
}

@Resolver(() => RunChanged)
export class RunChangedResolver {
  @Subscription(() => RunChanged, {
    subscribe: ({ args, context }) =>
      listenTo(context as Context, args as { id: string }) as unknown as AsyncIterable<RunChanged>,
    description:
      "Tells of each move of a run and its stages, whichever process drives it. Over Server-Sent Events at `/graphql/stream`.",
  })
  runChanged(
    @Root() change: RunChanged,
    @Arg("id", () => ID, { description: "The run to listen to." }) _id: string,
  ): RunChanged {
    return change;
  }
}
