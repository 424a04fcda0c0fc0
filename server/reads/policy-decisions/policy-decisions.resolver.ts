import { Arg, Args, Ctx, Field, InputType, Query, Resolver } from "type-graphql";
import type { Instant } from "../../../graph-schema/time.js";
import type { Context } from "../../graphql/context.js";
import { formatCursor, noCursor, parseCursor } from "../../graphql/cursor.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { permitted } from "../../graphql/permitted.js";
import { DateTime } from "../../graphql/scalars.js";
import {
  countPolicyDecisions,
  readPolicyDecisions,
  type Before,
  type DecisionFilter,
  type DecisionRow,
} from "./policy-decisions.query.js";
import { PolicyDecision, toDeniedRules } from "./policy-decisions.type.js";

const { connection: PolicyDecisionConnection } = connectionTypes("PolicyDecision", () => PolicyDecision);

@InputType({ description: "Decisions for which all that is given holds." })
class PolicyDecisionFilter {
  @Field(() => Boolean, { nullable: true, description: "Only what was allowed, or only what was denied." })
  allowed?: boolean | null;

  @Field(() => String, { nullable: true, description: "Denied by this rule, such as `kill-switch`." })
  rule?: string | null;

  @Field(() => String, { nullable: true, description: "Asked for by this login or service name." })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: "Of this capability, such as `episode.publish`." })
  capability?: string | null;

  @Field(() => DateTime, { nullable: true, description: "At this instant or after it." })
  from?: Instant | null;

  @Field(() => DateTime, { nullable: true, description: "Before this instant." })
  to?: Instant | null;
}

@Resolver()
export class PolicyDecisionsResolver {
  @Query(() => PolicyDecisionConnection, {
    description: "What the policy decided on the tenant's commands, newest first. For those who may read the audit.",
  })
  async policyDecisions(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => PolicyDecisionFilter, { nullable: true, description: "Which ones." })
    given?: PolicyDecisionFilter | null,
  ): Promise<Connection<PolicyDecision>> {
    const rows = within("first", page.first, LIMITS.first);
    const { allowed = null, rule = null, actor = null, capability = null, from = null, to = null } = { ...given };
    const question = ["policyDecisions", allowed, rule, actor, capability, from, to];
    const cursor = page.after ? parseCursor(context, page.after, question, page.asOf) : null;
    const before = cursor === null ? null : parsePosition(cursor.position);
    await permitted(context, "audit.read");
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    const filter: DecisionFilter = {
      allowed,
      rule,
      actor,
      capability,
      from: from ?? 0,
      to: Math.min(asOf, to === null ? asOf : to - 1),
    };
    const { graph } = context.services;
    const { decisions, more } = await readPolicyDecisions(graph, context.scope, filter, { first: rows, before });
    const edges = decisions.map((row) => ({
      cursor: formatCursor({ asOf, position: `${row.at}.${row.id}` }, question),
      node: toDecision(row),
    }));
    let counted: ReturnType<typeof countPolicyDecisions> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more, page.after),
      asOf,
      count: () => (counted ??= countPolicyDecisions(graph, context.scope, filter)),
    };
  }
}

/** The entry that the page before ended with. */
function parsePosition(position: string | number): Before {
  const [, at, id] = /^(\d{1,15})\.([0-9A-Z]{26})$/.exec(String(position)) ?? [];
  if (at === undefined || id === undefined) throw noCursor();
  return { at: Number(at), id };
}

const toDecision = ({ denied, ...row }: DecisionRow): PolicyDecision => ({
  ...row,
  allowed: denied.length === 0,
  denied: toDeniedRules(denied),
});
