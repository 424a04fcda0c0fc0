import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from "type-graphql";
import { identityOf } from "../../commands/caller.js";
import { plumbingId } from "../../commands/plumbing-id.js";
import { Investigation, InvestigationsOfEnum } from "../../domains/investigation/investigation.type.js";
import { DomainError } from "../../errors.js";
import { connectRows } from "../../graphql/connect-rows.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { LIMITS } from "../../graphql/limits.js";
import { connectionTypes } from "../../graphql/pagination.js";
import {
  countInvestigations,
  findInvestigation,
  readInvestigations,
  type InvestigationsOf,
  type StoredInvestigation,
} from "./investigations.query.js";

const { connection: InvestigationConnection } = connectionTypes("Investigation", () => Investigation);

@ArgsType()
class InvestigationsArguments {
  @Field(() => InvestigationsOfEnum, { defaultValue: "MINE", description: "Whose." })
  of!: InvestigationsOf;

  @Field(() => Int, {
    defaultValue: LIMITS.first.default,
    description: `Rows of the page, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
  })
  first!: number;

  @Field(() => String, { nullable: true, description: "`endCursor` of the page before." })
  after?: string | null;
}

const faceOf = ({ sharing, ...stored }: StoredInvestigation, reader: string): Investigation => ({
  ...stored,
  id: `Investigation:${stored.id}`,
  mine: stored.owner === reader,
  shared: sharing === "SHARED",
});

/** One that the request's caller may read, by its public id. */
export async function investigationFor(context: Context, id: string): Promise<Investigation | null> {
  const reader = identityOf(callerOf(context));
  const parsed = plumbingId("Investigation").safeParse(id);
  if (!parsed.success)
    throw DomainError.badInput(
      "id",
      "`id` must be the id of an Investigation, such as Investigation:01JD3Z5X9QW8R7T6Y5V4N3M2K1.",
    );
  const found = await findInvestigation(context.services.graph, context.scope, parsed.data, reader);
  return found === undefined ? null : faceOf(found, reader);
}

@Resolver()
export class InvestigationsResolver {
  @Query(() => Investigation, {
    description: "A view that the caller keeps, or that somebody shares with the studio. NOT_FOUND for any other.",
  })
  async investigation(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The investigation." }) id: string,
  ): Promise<Investigation> {
    const found = await investigationFor(context, id);
    if (found === null) throw DomainError.notFound();
    return found;
  }

  @Query(() => InvestigationConnection, {
    description: "Views that are kept, the newest first. It answers for now, whatever its cursor's `asOf`.",
  })
  async investigations(
    @Ctx() context: Context,
    @Args(() => InvestigationsArguments) { of, ...page }: InvestigationsArguments,
  ) {
    const owner = identityOf(callerOf(context));
    const { services, scope } = context;
    const connection = await connectRows(context, page, ["investigations", of, owner], {
      read: (before, first) => readInvestigations(services.graph, scope, of, { owner, before, first }),
      count: (most) => countInvestigations(services.graph, scope, of, owner, most),
    });
    return { ...connection, edges: connection.edges.map((edge) => ({ ...edge, node: faceOf(edge.node, owner) })) };
  }
}
