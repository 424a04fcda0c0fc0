import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from "type-graphql";
import { formatNodeId, parseNodeId, type NodeId } from "../../../graph-schema/node-id.js";
import { FOREVER, type Instant } from "../../../graph-schema/time.js";
import { idArgument } from "../../graphql/connect.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { formatCursor, noCursor, parseCursor } from "../../graphql/cursor.js";
import { GraphNode } from "../../graphql/graph-node.type.js";
import { absentAt, instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { PageArguments } from "../../graphql/page-args.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { propertyChanges } from "../../graphql/property-change.js";
import { tell } from "../../graphql/told.js";
import {
  countHistory,
  readHistory,
  readVersions,
  type HistoryPosition,
  type HistoryRow,
  type Versions,
} from "./history.query.js";
import { HistoryChange, HistoryRelation, type HistoryKind } from "./history.type.js";

const { connection: HistoryConnection } = connectionTypes("History", () => HistoryChange);

@Resolver(() => HistoryRelation)
export class HistoryResolver {
  @Query(() => HistoryConnection, {
    description:
      "All that happened to a node, newest first: its versions, and every relation of it that began or ended, those included that have ended.",
  })
  async history(
    @Ctx() context: Context,
    @Arg("id", () => ID, { description: "The node." }) id: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<Connection<HistoryChange>> {
    callerOf(context);
    const node = idArgument("id", id);
    const first = within("first", page.first, LIMITS.first);
    const asked = ["history", id];
    const cursor = page.after ? parseCursor(context, page.after, asked, page.asOf) : null;
    const asOf = cursor?.asOf ?? instantOf(context, page.asOf);
    const after = cursor === null ? null : positionOf(String(cursor.position));
    const question = { node, asOf, after, first };
    const { graph } = context.services;
    const { rows, more } = await readHistory(graph, context.scope, question);
    if (rows.length === 0 && after === null) throw await absentAt(context, asOf);
    const versions = await versionsOf(context, node, rows);
    const changes = await Promise.all(rows.map((row) => changeOf(context, { node, asOf, versions }, row)));
    const edges = changes.map((change, i) => ({
      cursor: formatCursor({ asOf, position: textOf(rows[i]!) }, asked),
      node: change,
    }));
    let counted: ReturnType<typeof countHistory> | undefined;
    return {
      edges,
      pageInfo: pageInfo(edges, more, page.after),
      asOf,
      count: () => (counted ??= countHistory(graph, context.scope, question)),
    };
  }

  @FieldResolver(() => GraphNode, {
    nullable: true,
    description: "Its other end, as it was at the instant answered for.",
  })
  async other(@Root() { otherId, asOf }: HistoryRelation, @Ctx() { loaders }: Context) {
    return loaders.node.load({ key: parseNodeId(otherId)!, asOf });
  }
}

const textOf = ({ at, rank, key }: HistoryPosition): string => `${at}/${rank}/${key}`;

function positionOf(text: string): HistoryPosition {
  const [, at, rank, key] = /^(\d{1,15})\/([0-2])\/([\w<>-]*)$/.exec(text) ?? [];
  if (at === undefined || rank === undefined || key === undefined) throw noCursor();
  return { at: Number(at), rank: Number(rank), key };
}

/** The versions that began on the page, and the one before the oldest of them. */
async function versionsOf({ services, scope }: Context, node: NodeId, rows: readonly HistoryRow[]): Promise<Versions> {
  const numbers = rows.flatMap(({ version }) => version ?? []);
  if (numbers.length === 0) return new Map();
  return readVersions(services.graph, scope, node, Math.min(...numbers) - 1, Math.max(...numbers));
}

async function changeOf(
  context: Context,
  { node, asOf, versions }: { node: NodeId; asOf: Instant; versions: Versions },
  row: HistoryRow,
): Promise<HistoryChange> {
  const { at, rank, key, version, operationId } = row;
  const told = await tell(context, operationId ?? "");
  const after = version === null ? undefined : versions.get(version);
  return {
    ...told,
    at,
    id: `${at}/${rank}/${key}`,
    kind: kindOf(row),
    version,
    properties: after === undefined ? [] : propertyChanges(versions.get(after.version - 1) ?? null, after),
    relation: relationOf(formatNodeId(node.label, node.id), asOf, row),
  };
}

const kindOf = ({ version, rank }: HistoryRow): HistoryKind =>
  version !== null ? (version === 1 ? "CREATED" : "REVISED") : rank === 2 ? "EDGE_OPENED" : "EDGE_CLOSED";

function relationOf(id: string, asOf: Instant, { edge }: HistoryRow): HistoryRelation | null {
  if (edge === null) return null;
  const [type, otherId, leaves, validFrom, validTo] = edge;
  const [from, to] = leaves ? [id, otherId] : [otherId, id];
  // What ends later hadn't ended at the instant answered for.
  return { type, from, to, otherId, validFrom, validTo: validTo <= asOf ? validTo : FOREVER, asOf } as HistoryRelation;
}
