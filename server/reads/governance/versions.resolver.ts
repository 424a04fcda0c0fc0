import { Args, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from "type-graphql";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import { Proposal } from "../../domains/proposal/proposal.type.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { formatCursor, noCursor, parseCursor } from "../../graphql/cursor.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { tell, ToldAt } from "../../graphql/told.js";
import { readSettings } from "./governance.query.js";
import { settingsTold } from "./governance.resolver.js";
import { GovernanceSettings } from "./governance.type.js";
import { settingsFrom } from "./settings.js";
import { readGovernanceVersions } from "./versions.query.js";

@ObjectType({
  simpleResolvers: true,
  description: "Settings of governance that came into force: when, by whom, why, and what was approved.",
})
export class GovernanceVersion extends ToldAt {
  @Field(() => GovernanceSettings, { description: "What they were set to, as at that instant." })
  settings!: GovernanceSettings;

  proposalId!: string | null;

  /** The instant that this is read for. */
  asOf!: Instant;
}

const { connection: GovernanceVersionConnection } = connectionTypes("GovernanceVersion", () => GovernanceVersion);

@Resolver(() => GovernanceVersion)
export class GovernanceVersionsResolver {
  @Query(() => GovernanceVersionConnection, {
    description:
      "What the studio's rules of governance were set to, the newest first; the defaults, version 0, were set by nobody and aren't among them.",
  })
  async governanceVersions(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<GovernanceVersion>> {
    callerOf(context);
    const first = within("first", page.first, LIMITS.first);
    const asked = ["governanceVersions"];
    const cursor = page.after ? parseCursor(context, page.after, asked, page.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    if (cursor !== null && !/^\d{1,15}$/.test(String(cursor.position))) throw noCursor();
    const before = cursor === null ? FOREVER : Number(cursor.position);
    const { graph } = context.services;
    const rows = await readGovernanceVersions(graph, context.scope, { asOf, before, limit: first + 1 });
    const edges = await Promise.all(
      rows.slice(0, first).map(async ({ settings, at, operationId, proposal }) => ({
        cursor: formatCursor({ asOf, position: String(at) }, asked),
        node: {
          ...(await tell(context, operationId ?? "")),
          at,
          settings: settingsTold(settingsFrom(settings), at),
          proposalId: proposal,
          asOf,
        },
      })),
    );
    return {
      edges,
      pageInfo: pageInfo(edges, rows.length > first, page.after),
      asOf,
      // They are numbered from 1 on.
      count: async () => ({ count: (await readSettings(readerOf(context), asOf)).settings.version, exact: true }),
    };
  }

  @FieldResolver(() => Proposal, {
    nullable: true,
    description: "The proposal that was approved, with what approvers said; null where policy asked for none.",
  })
  proposal(@Root() { proposalId, asOf }: GovernanceVersion, @Ctx() { loaders }: Context) {
    return proposalId === null ? null : loaders.node.load({ key: { label: "Proposal", id: proposalId }, asOf });
  }
}
