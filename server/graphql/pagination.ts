import { Field, Int, ObjectType, type ClassType } from "type-graphql";
import type { Instant } from "../../graph-schema/time.js";
import { DateTime } from "./scalars.js";

@ObjectType({ description: "Where a page of a Relay connection ends." })
export class PageInfo {
  @Field(() => Boolean, { description: "True when `after: endCursor` answers more." })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: "True when this isn't the first page." })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "Cursor of the page's first row." })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "Cursor of the page's last row: `after` for the next page." })
  endCursor!: string | null;
}

export interface Edge<N> {
  readonly cursor: string;
  readonly node: N;
}

/** What the resolver of a connection answers; the count is asked of the database only when it is selected. */
export interface Connection<N> {
  readonly edges: readonly Edge<N>[];
  readonly pageInfo: PageInfo;
  readonly asOf: Instant;
  count(): Promise<{ readonly count: number; readonly exact: boolean }>;
}

export const pageInfo = (
  edges: readonly Edge<unknown>[],
  more: boolean,
  after: string | null | undefined,
): PageInfo => ({
  hasNextPage: more,
  hasPreviousPage: after !== null && after !== undefined,
  startCursor: edges.at(0)?.cursor ?? null,
  endCursor: edges.at(-1)?.cursor ?? null,
});

/** The connection and edge types of a node type. `type` is a thunk, so that nothing depends on the order of modules. */
export function connectionTypes(
  name: string,
  type: () => ClassType | (abstract new () => object),
): { connection: ClassType<Connection<unknown>> } {
  @ObjectType(`${name}Edge`, { description: `A ${name} in a page, and where it stands.` })
  class NodeEdge {
    @Field(() => String, { description: "Where the row stands: `after` for what comes behind it." })
    cursor!: string;

    @Field(() => type() as ClassType, { description: "The row itself." })
    node!: unknown;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list, with its place in the whole.` })
  class NodeConnection implements Connection<unknown> {
    @Field(() => [NodeEdge], { description: "The rows of this page, in order." })
    edges!: NodeEdge[];

    @Field(() => PageInfo, { description: "Where the page ends." })
    pageInfo!: PageInfo;

    @Field(() => DateTime, { description: "The instant that this page, and every other of its question, answers for." })
    asOf!: Instant;

    count!: Connection<unknown>["count"];

    @Field(() => Int, { description: "How many the whole list has; a lower bound when `totalIsExact` is false." })
    async totalCount(): Promise<number> {
      return (await this.count()).count;
    }

    @Field(() => Boolean, { description: "False when there are more than were counted." })
    async totalIsExact(): Promise<boolean> {
      return (await this.count()).exact;
    }
  }
  return { connection: NodeConnection as ClassType<Connection<unknown>> };
}
