import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { EDGES, type EdgeType } from "../../graph-schema/catalog.js";
import type { GraphOptions } from "../../server/graph/graph.js";
import { columnsOf, type AnswerLabel } from "./lineage.answer.js";
import { openDriver } from "./lineage.raw.js";
import { ANSWER_LABELS } from "./lineage.store.js";

/* @neo4j/graphql as its own guide sets it up, over the same store: run by lineage.neo4j-graphql.ts as a child process. */

const INSTANTS = ["validFrom", "validTo", "publishedAt", "retrievedAt", "capturedAt", "recheckBy"];
const INTEGERS = ["version", "tier", "ordinal", "bytes"];

function typeOf(column: string): string {
  if (INSTANTS.includes(column)) return "BigInt";
  if (INTEGERS.includes(column)) return "Int";
  if (column === "value") return "Float";
  return column === "cut" ? "Boolean" : "String";
}

const RELATIONS: readonly [from: AnswerLabel, type: EdgeType, field: string][] = [
  ["Episode", "HAS_SCENE", "hasScene"],
  ["Scene", "STATES", "states"],
  ["Claim", "SUPPORTED_BY", "supportedBy"],
  ["Claim", "CONTRADICTED_BY", "contradictedBy"],
  ["Claim", "CONSIDERED", "considered"],
  ["Fact", "QUOTED_FROM", "quotedFrom"],
  ["Snapshot", "CAPTURED_FROM", "capturedFrom"],
];

const typeDefs = `
type Life @relationshipProperties { validFrom: BigInt! validTo: BigInt! openedBy: String! }
${ANSWER_LABELS.map((label) => {
  const relations = RELATIONS.filter(([from]) => from === label).map(([, type, field]) => {
    const to = EDGES[type].endpoints[0]![1];
    return `${field}: [${to}!]! @relationship(type: "${type}", direction: OUT, properties: "Life")`;
  });
  return `type ${label} @node { tenantId: String! ${columnsOf(label)
    .map((column) => `${column}: ${typeOf(column)}`)
    .join(" ")} ${relations.join(" ")} }`;
}).join("\n")}
`;

process.once("message", (database: GraphOptions & { readonly password: string }) => void serve(database));

async function serve(database: GraphOptions & { readonly password: string }): Promise<void> {
  const driver = openDriver(database);
  const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
  const server = new ApolloServer({ schema, stopOnTerminationSignals: false });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
  process.send?.(url);
  // Whoever started this is gone: nobody asks any more.
  process.once("disconnect", () => process.exit());
  process.once("SIGTERM", () => process.exit());
}
