import { Arg, Ctx, FieldResolver, Int, ObjectType, Field, Query, Resolver, Root } from "type-graphql";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import { Proposal } from "../../domains/proposal/proposal.type.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { DateTime } from "../../graphql/scalars.js";
import { tell, ToldAt } from "../../graphql/told.js";
import { GovernanceSettings } from "./governance.type.js";
import { settingsTold } from "./settings-told.js";
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

@Resolver(() => GovernanceVersion)
export class GovernanceVersionsResolver {
  @Query(() => [GovernanceVersion], {
    description:
      "What the studio's rules of governance were set to, the newest first; the defaults, version 0, were set by nobody and aren't among them.",
  })
  async governanceVersions(
    @Ctx() context: Context,
    @Arg("first", () => Int, {
      defaultValue: LIMITS.first.default,
      description: `How many, ${LIMITS.first.min} to ${LIMITS.first.max}.`,
    })
    first: number,
    @Arg("before", () => DateTime, {
      nullable: true,
      description: "Only those that came into force before: `at` of the last one had, for what comes behind it.",
    })
    before?: Instant | null,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    given?: Instant | null,
  ): Promise<GovernanceVersion[]> {
    callerOf(context);
    const limit = within("first", first, LIMITS.first);
    const asOf = instantOf(context, given);
    const rows = await readGovernanceVersions(context.services.graph, context.scope, {
      asOf,
      before: before ?? FOREVER,
      limit,
    });
    return Promise.all(
      rows.map(async ({ settings, at, operationId, proposal }) => ({
        ...(await tell(context, operationId ?? "")),
        at,
        settings: settingsTold(settingsFrom(settings), at),
        proposalId: proposal,
        asOf,
      })),
    );
  }

  @FieldResolver(() => Proposal, {
    nullable: true,
    description: "The proposal that was approved, with what approvers said; null where policy asked for none.",
  })
  proposal(@Root() { proposalId, asOf }: GovernanceVersion, @Ctx() { loaders }: Context) {
    return proposalId === null ? null : loaders.node.load({ key: { label: "Proposal", id: proposalId }, asOf });
  }
}
