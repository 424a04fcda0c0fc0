import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import type { NodeLabel } from "../../../graph-schema/catalog.js";
import type { Instant } from "../../../graph-schema/time.js";
import { isDamaged } from "../../commands/input.js";
import { DomainError } from "../../errors.js";
import { callerOf, type Context } from "../../graphql/context.js";
import { formatCursor, parseCursor, skipOf } from "../../graphql/cursor.js";
import { GraphNode, NodeLabelEnum } from "../../graphql/graph-node.type.js";
import { instantOf } from "../../graphql/instant.js";
import { LIMITS, within } from "../../graphql/limits.js";
import { at, type At } from "../../graphql/loaders.js";
import { DateTime } from "../../graphql/scalars.js";
import { connectionTypes, pageInfo, type Connection } from "../../graphql/pagination.js";
import { MAX_MATCHES, readSearch } from "./search.query.js";

const { connection: SearchConnection } = connectionTypes("Search", () => GraphNode);

@Resolver()
export class SearchResolver {
  @Query(() => SearchConnection, {
    description: `Finds nodes whose title has all the words: exact titles first, then titles that begin with them, then better matches. Up to ${MAX_MATCHES} matches can be paged through.`,
  })
  async search(
    @Ctx() context: Context,
    @Arg("text", () => String, {
      description: `The words, up to ${LIMITS.searchText.max} characters; the last may be unfinished.`,
    })
    text: string,
    @Arg("labels", () => [NodeLabelEnum], { nullable: true, description: "Only these kinds." }) labels?:
      | NodeLabel[]
      | null,
    @Arg("first", () => Int, {
      nullable: true,
      defaultValue: LIMITS.first.default,
      description: "Rows of the page, 1 to 500.",
    })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." }) after?:
      | string
      | null,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description:
        "The recorded instant to answer for; without it now. A cursor brings its own. Nodes are found by the titles that they have now, and shown as they were.",
    })
    given?: Instant | null,
  ): Promise<Connection<At>> {
    callerOf(context);
    const rows = within("first", first ?? LIMITS.first.default, LIMITS.first);
    if (text.length > LIMITS.searchText.max || text.trim() === "") {
      throw DomainError.badInput("text", `\`text\` must have 1 to ${LIMITS.searchText.max} characters.`);
    }
    if (isDamaged(text))
      throw DomainError.badInput("text", "`text` must not contain control characters or broken surrogates.");
    const question = ["search", text, labels ?? null];
    const cursor = after ? parseCursor(context, after, question, given) : null;
    const asOf = cursor?.asOf ?? instantOf(context, given);
    const skip = skipOf(cursor);
    const found = await readSearch(context.services.graph, context.scope, {
      text,
      labels: labels ?? null,
      asOf,
      skip,
      first: rows,
    });
    const edges = found.nodes.map((node, i) => ({
      cursor: formatCursor({ asOf, position: skip + i + 1 }, question),
      node: at(node, asOf),
    }));
    return {
      edges,
      pageInfo: pageInfo(edges, skip + edges.length < found.total, after),
      asOf,
      count: async () => ({ count: found.total, exact: found.totalIsExact }),
    };
  }
}
