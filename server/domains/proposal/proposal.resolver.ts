import { Arg, Args, Ctx, Field, FieldResolver, Mutation, ObjectType, Query, Resolver, Root } from "type-graphql";
import { identityOf } from "../../commands/caller.js";
import { DomainError } from "../../errors.js";
import { connect } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import type { At } from "../../graphql/loaders.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes } from "../../graphql/pagination.js";
import { mutate, MutationPayload } from "../../graphql/payload.js";
import { Approval } from "../approval/approval.type.js";
import { ContentDifference, DifferenceBaseEnum } from "./difference.type.js";
import { readPresent, type DifferenceBase, type Present } from "./present.service.js";
import { ProposalFilter, ProposeInput, PublishEpisodeInput, WithdrawInput } from "./proposal.input.type.js";
import { propose, withdraw } from "./proposal.service.js";
import { Proposal } from "./proposal.type.js";
import type { Proposal as ProposalNode } from "./standing.service.js";

const { connection: ProposalConnection } = connectionTypes("Proposal", () => Proposal);

@ObjectType()
class ProposePayload extends MutationPayload {
  @Field(() => Proposal, { nullable: true, description: "The proposal." })
  proposal!: Proposal | null;
}

@ObjectType()
class WithdrawPayload extends ProposePayload {}

@ObjectType()
class PublishEpisodePayload extends ProposePayload {}

/** Proposals of one document whose content is looked at: each is a traversal. */
const MOST_CONTENTS = 100;
const contents = new WeakMap<Context["loaders"], Map<string, Promise<Present>>>();

/** What a proposal would act on, read once for a request. */
function presentOf(context: Context, proposal: ProposalNode): Promise<Present> {
  const { loaders, services, scope } = context;
  const read = contents.get(loaders) ?? new Map<string, Promise<Present>>();
  contents.set(loaders, read);
  const key = `${proposal.id} ${proposal.version}`;
  let present = read.get(key);
  if (present === undefined) {
    if (read.size >= MOST_CONTENTS)
      throw new DomainError("BAD_INPUT", `The document asks for the content of more than ${MOST_CONTENTS} proposals.`);
    present = readPresent(services.graph, scope, proposal);
    read.set(key, present);
  }
  return present;
}

@Resolver(() => Proposal)
export class ProposalResolver {
  @Query(() => ProposalConnection, { description: "What was proposed, oldest first." })
  proposals(
    @Ctx() context: Context,
    @Args(() => PageArguments) page: PageArguments,
    @Arg("filter", () => ProposalFilter, { nullable: true, description: "Which ones." }) filter?: ProposalFilter | null,
  ) {
    const { mine, ...rest } = filter ?? {};
    return connect(context, "Proposal", page, {
      ...rest,
      ...(mine === true ? { proposer: [identityOf(callerOf(context))] } : {}),
    });
  }

  @FieldResolver(() => GraphNode, { nullable: true, description: "What would be acted on." })
  async subject(@Root() proposal: At, @Ctx() { loaders }: Context) {
    const step = { from: "Proposal", type: "PROPOSES", direction: "out" } as const;
    return (await loaders.step(step, proposal))[0]?.node ?? null;
  }

  @FieldResolver(() => [Approval], { description: "What approvers said of it, oldest first." })
  async approvals(@Root() proposal: At, @Ctx() { loaders }: Context) {
    const step = { from: "Proposal", type: "OF", direction: "in" } as const;
    return (await loaders.step(step, proposal)).map(({ node }) => node);
  }

  @FieldResolver(() => Boolean, {
    description: "True while it is open and its content was edited since: it must be proposed anew to be approved.",
  })
  async stale(@Root() proposal: ProposalNode, @Ctx() context: Context) {
    return (await presentOf(context, proposal)).stale;
  }

  @FieldResolver(() => [String], {
    description: "While it is open, what keeps it from being carried out whoever approves: the publish gate's reasons.",
  })
  async obstacles(@Root() proposal: ProposalNode, @Ctx() context: Context) {
    return (await presentOf(context, proposal)).obstacles;
  }

  @FieldResolver(() => ContentDifference, {
    nullable: true,
    description: "What became of its content up to now; null where there is nothing to count from.",
  })
  async difference(
    @Root() proposal: ProposalNode,
    @Ctx() context: Context,
    @Arg("since", () => DifferenceBaseEnum, { defaultValue: "LAST_APPROVAL", description: "What it counts from." })
    since: DifferenceBase,
  ) {
    return (await presentOf(context, proposal)).difference(since);
  }

  @Mutation(() => ProposePayload, {
    description:
      "Proposes what can't be taken back, bound to its content as it is now. Proposed again by the same person it is bound anew. CONFLICT while somebody else's is open.",
  })
  propose(@Ctx() context: Context, @Arg("input", () => ProposeInput) input: ProposeInput) {
    // Plain objects: the service knows no classes of the API.
    return mutate(context, propose, { ...input, arguments: { ...input.arguments } }, { proposal: "proposalId" });
  }

  @Mutation(() => PublishEpisodePayload, {
    description:
      "Proposes to publish an episode, as `propose` does: once others have approved it, it is published and its evidence pack frozen.",
  })
  async publishEpisode(
    @Ctx() context: Context,
    @Arg("input", () => PublishEpisodeInput) { episodeId, publishedAt, ...input }: PublishEpisodeInput,
  ) {
    const args = publishedAt == null ? {} : { publishedAt };
    const proposing = { ...input, action: "publishEpisode", subjectId: episodeId, arguments: args };
    const answer = await mutate(context, propose, proposing, { proposal: "proposalId" });
    // The fields by the names that they have here.
    const names: Readonly<Record<string, string>> = {
      subjectId: "episodeId",
      "arguments.publishedAt": "publishedAt",
    };
    return { ...answer, problems: answer.problems.map((one) => ({ ...one, path: names[one.path] ?? one.path })) };
  }

  @Mutation(() => WithdrawPayload, { description: "Takes the caller's own proposal back." })
  withdraw(@Ctx() context: Context, @Arg("input", () => WithdrawInput) input: WithdrawInput) {
    return mutate(context, withdraw, input, { proposal: "proposalId" });
  }
}
