import { ArgsType, Field, Int } from "type-graphql";
import type { Instant } from "../../graph-schema/time.js";
import { LIMITS } from "./limits.js";
import { DateTime } from "./scalars.js";

@ArgsType()
export class PageArguments {
  @Field(() => Int, {
    defaultValue: LIMITS.first.default,
    description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "The recorded instant to answer for; without it now. A cursor brings its own.",
  })
  asOf?: Instant | null;
}

/** Of lists that can begin at either end. */
@ArgsType()
export class OrderedPageArguments extends PageArguments {
  @Field(() => Boolean, {
    defaultValue: false,
    description: "True to begin with the newest row; a cursor goes on in the order that it comes from.",
  })
  newestFirst!: boolean;
}
