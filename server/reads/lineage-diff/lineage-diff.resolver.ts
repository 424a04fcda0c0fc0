import { Args, ArgsType, Ctx, Field, ID, Int, Query, Resolver } from "type-graphql";
import { SETTLED_MS, type Instant } from "../../../graph-schema/time.js";
import { DomainError } from "../../errors.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { absentAt, beginningOf, instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { at } from "../../graphql/loaders.js";
import { propertyChanges } from "../../graphql/property-change.js";
import { DateTime } from "../../graphql/scalars.js";
import { tell, type ToldAt } from "../../graphql/told.js";
import { knownAt, type Direction } from "../lineage/lineage.query.js";
import { LineageDirectionEnum } from "../lineage/lineage.type.js";
import { differenceOf, type AnyNode, type Cause, type Difference, type EdgeRow } from "./difference.js";
import { authorsOf, closersOf, MAX_SIDE, readSide } from "./lineage-diff.query.js";
import {
  LineageDiff,
  MAX_LISTED,
  type EdgeDifference,
  type LineageDifferences,
  type NodeDifference,
} from "./lineage-diff.type.js";

@ArgsType()
class LineageDiffArguments {
  @Field(() => ID, { description: "The node to start from." })
  id!: string;

  @Field(() => LineageDirectionEnum, { description: "Which way to go." })
  direction!: Direction;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 1,
    description: `Hops, ${LIMITS.depth.min} to ${LIMITS.depth.max}.`,
  })
  depth?: number | null;

  @Field(() => DateTime, { description: "The earlier recorded instant." })
  from!: Instant;

  @Field(() => DateTime, { description: "The later recorded instant." })
  to!: Instant;
}

@Resolver(() => LineageDiff)
export class LineageDiffResolver {
  @Query(() => LineageDiff, {
    description:
      "What differs between a node's lineage at two instants: what was added, removed and changed, by whom, why and when.",
  })
  async lineageDiff(
    @Ctx() context: Context,
    @Args(() => LineageDiffArguments) args: LineageDiffArguments,
  ): Promise<LineageDiff> {
    callerOf(context);
    const root = idArgument("id", args.id);
    const depth = within("depth", args.depth ?? 1, LIMITS.depth);
    const from = instantOf(context, args.from, "from");
    const to = instantOf(context, args.to, "to");
    if (from > to) throw DomainError.badInput("from", "`from` is after `to`: give the earlier instant as `from`.");
    const { graph } = context.services;
    const question = { root, direction: args.direction, depth };
    const [before, after] = await Promise.all(
      [from, to].map((instant) => readSide(graph, context.scope, { ...question, at: instant })),
    );
    if (before === undefined || after === undefined) throw new Error("both sides were asked for");
    if (after.nodes.length === 0) throw await absentAt(context, to, "to");
    const found = differenceOf({ root: args.id, direction: args.direction, depth }, before, after);
    const begins = before.nodes.length === 0 ? await beginningOf(context) : null;
    return {
      id: args.id,
      direction: args.direction,
      depth,
      from,
      to,
      totalBefore: before.total,
      totalAfter: after.total,
      ...(await told(context, found, { from, to })),
      totalsAreExact: before.whole && after.whole,
      settled: to + SETTLED_MS <= context.now,
      notes: [
        ...(begins !== null && from < begins
          ? [
              `The record of this studio begins at ${new Date(begins).toISOString()}, after \`from\`: all of it was added.`,
            ]
          : before.nodes.length === 0
            ? ["The node wasn't there yet at `from`: all of its lineage was added."]
            : []),
        ...(before.whole && after.whole
          ? []
          : [
              `More than ${MAX_SIDE.toLocaleString("en-US")} nodes: only what is certain is told. Take a smaller depth.`,
            ]),
      ],
    };
  }
}

type Instants = Pick<LineageDiff, "from" | "to">;

const listed = <T>(all: readonly T[]): readonly T[] => all.slice(0, MAX_LISTED);

async function told(context: Context, { added, removed, changed }: Difference, { from, to }: Instants) {
  const { opened, closed, revised } = await witnesses(context, { added, removed, changed }, to);
  const part = async <N, E>(
    nodes: readonly N[],
    edges: readonly E[],
    node: (one: N) => Promise<NodeDifference>,
    edge: (one: E) => Promise<EdgeDifference>,
  ): Promise<LineageDifferences> => ({
    nodes: await Promise.all(listed(nodes).map(node)),
    nodeCount: nodes.length,
    edges: await Promise.all(listed(edges).map(edge)),
    edgeCount: edges.length,
  });
  const nothing = { versionBefore: null, versionAfter: null, properties: [] };
  return {
    added: await part(
      added.nodes,
      added.edges,
      async ({ what, cause }) => ({
        ...nothing,
        ...(await opened(cause, what)),
        id: what.id,
        node: at(what, to),
        versionAfter: what.version,
      }),
      async ({ what, cause }) => edgeOf(knownAt(what, to), await opened(cause)),
    ),
    removed: await part(
      removed.nodes,
      removed.edges,
      async ({ what, cause }) => ({
        ...nothing,
        ...(await closed(cause)),
        id: what.id,
        node: at(what, from),
        versionBefore: what.version,
      }),
      async ({ what, cause }) => edgeOf(knownAt(what, to), await closed(cause)),
    ),
    changed: await part(
      changed.nodes,
      changed.edges,
      async ({ before, after }) => ({
        ...(await revised(after)),
        id: after.id,
        node: at(after, to),
        versionBefore: before.version,
        versionAfter: after.version,
        properties: propertyChanges(before, after),
      }),
      async ({ after }) => edgeOf(knownAt(after, to), await opened(after)),
    ),
  };
}

/** Who opened, closed or revised what is listed; each kind of author is asked for once. */
async function witnesses(context: Context, { added, removed, changed }: Difference, to: Instant) {
  const { scope, services } = context;
  const ended = [...new Set([...listed(removed.nodes), ...listed(removed.edges)].flatMap(({ cause }) => cause ?? []))];
  // What no edge brought is the root, when its own life began.
  const born = added.nodes.flatMap(({ what, cause }) => (cause === null ? [what] : []));
  const [closers, revisers, makers] = await Promise.all([
    closersOf(services.graph, scope, ended),
    authorsOf(
      services.graph,
      scope,
      listed(changed.nodes).map(({ after }) => after.id),
      to,
    ),
    authorsOf(
      services.graph,
      scope,
      born.map(({ id }) => id),
      born[0]?.validFrom ?? to,
    ),
  ]);
  const closedBy = new Map(ended.map((edge, i) => [edge, closers[i] ?? ""]));
  return {
    opened: async (cause: Cause, node?: AnyNode): Promise<ToldAt> =>
      cause === null
        ? { ...(await tell(context, makers.get(node?.id ?? "") ?? "")), at: node?.validFrom ?? to }
        : { ...(await tell(context, cause.openedBy)), at: cause.validFrom },
    closed: async (cause: Cause): Promise<ToldAt> => ({
      ...(await tell(context, cause === null ? "" : (closedBy.get(cause) ?? ""))),
      at: cause?.validTo ?? to,
    }),
    revised: async (node: AnyNode): Promise<ToldAt> => ({
      ...(await tell(context, revisers.get(node.id) ?? "")),
      at: node.versionFrom,
    }),
  };
}

const edgeOf = ({ type, from, to, validFrom, validTo }: EdgeRow, by: ToldAt): EdgeDifference => ({
  ...by,
  type,
  from,
  to,
  validFrom,
  validTo,
});
