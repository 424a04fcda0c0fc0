import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { DomainError } from "../../errors.js";
import type { Context } from "../../graphql/context.js";
import { permitted } from "../../graphql/permitted.js";
import type { Policy, PolicyInput } from "../../policy/decision.js";
import { policyInput } from "../../policy/input.js";
import { isShadowed } from "../../policy/shadow.js";
import { toDeniedRules } from "../policy-decisions/policy-decisions.type.js";
import { PolicyTestResult, type PolicyVerdict } from "./policy-test.type.js";

@Resolver()
export class PolicyTestResolver {
  @Query(() => PolicyTestResult, {
    description:
      "What the policy would say to a question that you make up: nothing is read, changed or logged. `decisionInput` of a policy decision is such a question.",
  })
  async policyTest(
    @Ctx() context: Context,
    @Arg("input", () => String, {
      description: "The whole question, as JSON; docs/policy.md says what each field means.",
    })
    input: string,
  ): Promise<PolicyTestResult> {
    await permitted(context, "policy.test");
    const question = parseQuestion(input);
    const { policy } = context.services;
    if (!isShadowed(policy)) return { ...(await verdict(policy, question)), candidate: null };
    // Each for itself: what is only asked for isn't compared in the log.
    const [said, candidate] = await Promise.all([
      verdict(policy.inForce, question),
      verdict(policy.candidate, question),
    ]);
    return { ...said, candidate };
  }
}

async function verdict(policy: Policy, question: PolicyInput): Promise<PolicyVerdict> {
  const { denied, ...rest } = await policy.decide(question);
  return { ...rest, denied: toDeniedRules(denied), policy: policy.hash };
}

function parseQuestion(text: string): PolicyInput {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw DomainError.badInput("input", "`input` must be JSON, such as `decisionInput` of a policy decision.");
  }
  const parsed = policyInput.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = ["input", ...(issue?.path ?? [])].join(".");
  throw DomainError.badInput(field, `\`${field}\`: ${issue?.message ?? "isn't a question to the policy"}.`);
}
