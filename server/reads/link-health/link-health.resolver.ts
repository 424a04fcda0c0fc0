import { Arg, Ctx, Field, ID, Int, ObjectType, Query, registerEnumType, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import { LINK_OUTCOMES } from "../../domains/link-health/look.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { enumOf } from "../../graphql/enum.js";
import { absentAt } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { linkHealthOf } from "./link-health.query.js";

const LinkOutcomeEnum = enumOf(LINK_OUTCOMES);
registerEnumType(LinkOutcomeEnum, {
  name: "LinkOutcome",
  description: "What came of a look at an address.",
  valuesConfig: {
    OK: { description: "It answers." },
    GONE: { description: "It says that it is gone for good (410)." },
    MISSING: { description: "It isn't there (404)." },
    BROKEN: { description: "Its server fails, or leads on without end." },
    UNREACHED: { description: "Nobody answered: no such name, no connection, or too late." },
    REFUSED: { description: "It answers, but not to us; that says nothing against it." },
    UNASKED: { description: "The address leads where this installation doesn't go." },
  },
});

@ObjectType({ description: "Whether a source's address still answers, as the last look found." })
class LinkHealth {
  @Field(() => ID, { description: "The source." })
  sourceId!: string;

  @Field(() => String, { description: "Its address." })
  url!: string;

  @Field(() => DateTime, { nullable: true, description: "When it was looked at last; null where nobody has yet." })
  lookedAt!: Instant | null;

  @Field(() => LinkOutcomeEnum, { nullable: true, description: "What came of it." })
  outcome!: string | null;

  @Field(() => Int, { nullable: true, description: "The status of the answer; null without one." })
  status!: number | null;

  @Field(() => String, { nullable: true, description: "What was wrong, for people." })
  error!: string | null;

  @Field(() => String, { nullable: true, description: "Where it moved to for good, by its own word." })
  movedTo!: string | null;

  @Field(() => Int, { description: "Looks in a row that failed and counted; a source is DEAD after 3 over 3 days." })
  failures!: number;

  @Field(() => DateTime, { nullable: true, description: "When the first of them was." })
  failingSince!: Instant | null;
}

@Resolver()
export class LinkHealthResolver {
  @Query(() => LinkHealth, { description: "Whether a source's address still answers. It has no history." })
  async linkHealth(
    @Ctx() context: Context,
    @Arg("sourceId", () => ID, { description: "The source." }) sourceId: string,
  ): Promise<LinkHealth> {
    callerOf(context);
    const { id } = idArgument("sourceId", sourceId, ["Source"]);
    const [row] = await context.services.graph.read(context.scope, linkHealthOf, { id });
    if (row === undefined) throw await absentAt(context, context.now);
    return { ...row, sourceId, failures: row.failures ?? 0 };
  }
}
