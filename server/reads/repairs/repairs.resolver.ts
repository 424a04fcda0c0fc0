import { Arg, Ctx, Field, ID, Int, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { Claim } from "../../domains/claim/claim.type.js";
import { Fact } from "../../domains/fact/fact.type.js";
import { Source } from "../../domains/source/source.type.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { enumOf } from "../../graphql/enum.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { within } from "../../graphql/limits.js";
import { at } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { claimsOfCorrection } from "./claims-of-task.query.js";
import { REPAIR_KINDS, readRepairs, type RepairKind } from "./repairs.js";

const RepairKindEnum = enumOf(REPAIR_KINDS);
registerEnumType(RepairKindEnum, {
  name: "RepairKind",
  description: "What could be done about a claim that stood on a fallen source.",
  valuesConfig: {
    BETTER_QUOTE: { description: "Link a quote that the studio holds already, of a source that is in order." },
    NARROW_CLAIM: { description: "Say only what a quote that is in order bears." },
    REPLACE_SOURCE: { description: "Quote it from another source, and unlink what fell." },
    DROP_CLAIM: { description: "Leave it out, and publish a correction." },
  },
});

@ObjectType({ description: "One thing that could be done about one claim; a prediction, which a person decides on." })
class Repair {
  @Field(() => RepairKindEnum, { description: "What." })
  kind!: RepairKind;

  @Field(() => Claim, { description: "The claim." })
  claim!: unknown;

  @Field(() => Fact, { nullable: true, description: "The fact whose quote would bear it; null where none is meant." })
  fact!: unknown;

  @Field(() => Source, { nullable: true, description: "The source that it would stand on; null where none is meant." })
  source!: unknown;

  @Field(() => String, { nullable: true, description: "Other words for the claim; null where it keeps its own." })
  text!: string | null;

  @Field(() => String, { description: "Why, in a sentence." })
  why!: string;
}

@ObjectType({ description: "What could be done about the claims of a correction task." })
class Repairs {
  @Field(() => ID, { description: "The task." })
  taskId!: string;

  @Field(() => DateTime, { description: "The recorded instant that this answers for." })
  asOf!: Instant;

  @Field(() => [Repair], { description: "By claim in order of id, and of each claim the most useful first." })
  repairs!: Repair[];

  @Field(() => Int, { description: "Claims that are looked at here, at most 50." })
  claims!: number;

  @Field(() => ID, {
    nullable: true,
    description:
      "The last claim looked at where the task has more: ask for those `after` it. Null when these were all.",
  })
  next!: string | null;
}

/** Claims that one answer looks at. */
const MOST_CLAIMS = 50;
const DEFAULT_CLAIMS = 20;

@Resolver()
export class RepairsResolver {
  @Query(() => Repairs, {
    description:
      "What could be done about each claim of a correction task, from what the graph has at the instant: better quotes, narrower words, other sources, or to drop it.",
  })
  async repairs(
    @Ctx() context: Context,
    @Arg("taskId", () => ID, { description: "The correction task." }) taskId: string,
    @Arg("first", () => Int, { nullable: true, description: "Claims to look at, 1 to 50; 20 without it." })
    first?: number | null,
    @Arg("after", () => ID, { nullable: true, description: "Only claims behind this one, as `next` named it." })
    after?: string | null,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    given?: Instant | null,
  ): Promise<Repairs> {
    callerOf(context);
    const count = within("first", first ?? DEFAULT_CLAIMS, { min: 1, max: MOST_CLAIMS });
    const asOf = instantOf(context, given);
    const key = idArgument("taskId", taskId, ["CorrectionTask"]);
    const behind = after == null ? "" : idArgument("after", after, ["Claim"]).id;
    const task = await context.loaders.node.load({ key, asOf });
    if (task?.label !== "CorrectionTask") throw await absentAt(context, asOf);
    const reader = readerOf(context);
    const found = await claimsOfCorrection(reader, task, { after: behind, most: count + 1 });
    const claimIds = found.slice(0, count);
    const ids = {
      episodeId: parseNodeId(task.episodeId)?.id ?? "",
      sourceId: parseNodeId(task.sourceId)?.id ?? "",
    };
    const repairs = await readRepairs(reader, { claimIds, ...ids }, asOf);
    return {
      taskId,
      asOf,
      claims: claimIds.length,
      next: found.length > claimIds.length ? `Claim:${claimIds.at(-1)!}` : null,
      repairs: repairs.map((one) => ({
        ...one,
        claim: at(one.claim, asOf),
        fact: one.fact === null ? null : at(one.fact, asOf),
        source: one.source === null ? null : at(one.source, asOf),
      })),
    };
  }
}
