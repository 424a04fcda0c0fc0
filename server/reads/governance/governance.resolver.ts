import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { formatNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, readerOf, type Context } from "../../graphql/context.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { DateTime } from "../../graphql/scalars.js";
import { readSettings } from "./governance.query.js";
import { readGovernance } from "./governance.js";
import { Governance, GovernanceRule, GovernanceRuleWords, GovernanceSettings, MAX_INPUTS } from "./governance.type.js";
import { capital, GOVERNANCE_RULES, RULE_CODES, type Finding, type RuleCode } from "./rules.js";
import { KEEPING_KINDS, shelfLifeOf, type GovernanceSettings as Settings } from "./settings.js";

/** Settings as the API tells them. */
export const settingsTold = (settings: Settings, asOf: Instant): GovernanceSettings => ({
  asOf,
  version: settings.version,
  tiers: settings.tiers,
  shelfLives: KEEPING_KINDS.map((kind) => ({ kind, days: shelfLifeOf(settings, kind) })),
  furtherGroups: settings.furtherGroups,
  copyShare: settings.copyShare,
});

const sentence = (words: string): string => `${capital(words)}.`;

function ruleTold(rule: RuleCode, findings: readonly Finding[]): GovernanceRule {
  const found = findings.filter(({ code }) => code === rule);
  const { checks, remedy } = GOVERNANCE_RULES[rule];
  return {
    rule,
    checks,
    stands: found.length > 0,
    count: found.length,
    inputs: found.slice(0, MAX_INPUTS).map((one) => ({
      ids: one.ids,
      claimIds: one.on.slice(0, MAX_INPUTS),
      detail: sentence(one.said),
      remedy: sentence(one.remedy),
    })),
    remedy: sentence(remedy),
  };
}

@Resolver()
export class GovernanceResolver {
  @Query(() => Governance, {
    description:
      "Each rule of source governance held against an episode: what it found, how much, and what mends it. While one stands the episode can't be published.",
  })
  async governance(
    @Ctx() context: Context,
    @Arg("episodeId", () => ID, { description: "The episode." }) episodeId: string,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    given?: Instant | null,
  ): Promise<Governance> {
    callerOf(context);
    const { label, id } = idArgument("episodeId", episodeId, ["Episode"]);
    const asOf = instantOf(context, given);
    const reading = await readGovernance(readerOf(context), id, asOf);
    if (reading === null) throw await absentAt(context, asOf);
    const { findings, settings, claims, whole } = reading;
    return {
      episodeId: formatNodeId(label, id),
      asOf,
      clear: findings.length === 0,
      claims,
      whole,
      settings: settingsTold(settings, asOf),
      rules: RULE_CODES.map((code) => ruleTold(code, findings)),
    };
  }

  @Query(() => [GovernanceRuleWords], { description: "Every rule of source governance, in its fixed order." })
  governanceRules(@Ctx() context: Context): GovernanceRuleWords[] {
    callerOf(context);
    return RULE_CODES.map((rule) => {
      const { checks, remedy } = GOVERNANCE_RULES[rule];
      return { rule, checks, remedy: sentence(remedy) };
    });
  }

  @Query(() => GovernanceSettings, { description: "What the studio's rules of governance were set to at an instant." })
  async governanceSettings(
    @Ctx() context: Context,
    @Arg("asOf", () => DateTime, { nullable: true, description: "The recorded instant to answer for; without it now." })
    given?: Instant | null,
  ): Promise<GovernanceSettings> {
    callerOf(context);
    const asOf = instantOf(context, given);
    const { settings } = await readSettings(readerOf(context), asOf);
    return settingsTold(settings, asOf);
  }
}
