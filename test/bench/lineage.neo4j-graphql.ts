import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { GraphOptions } from "../../server/graph/graph.js";
import { columnsOf } from "./lineage.answer.js";

/* The same question to @neo4j/graphql, which answers a tree: what is shared stands in it once for each way to it. */

/** Starts its server, in a process of its own as ours is. */
export async function startNeo4jGraphql(
  database: GraphOptions & { readonly password: string },
): Promise<{ url: string; stop(): Promise<void> }> {
  const child = fork(fileURLToPath(new URL("./lineage.neo4j-graphql-server.js", import.meta.url)), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.send(database);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(String(message)));
    child.once("exit", (code) =>
      reject(new Error(`the @neo4j/graphql server ended with code ${code} before it listened`)),
    );
  });
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

const EDGE = "properties { validFrom validTo openedBy }";
const HOLDS = "where: { edge: { validFrom: { lte: $asOf }, validTo: { gt: $asOf } } }";
const step = (field: string, selection: string) =>
  `${field}Connection(${HOLDS}) { edges { ${EDGE} node { ${selection} } } }`;
const fields = (label: Parameters<typeof columnsOf>[0], ...more: string[]) => [...columnsOf(label), ...more].join(" ");

const snapshot = fields("Snapshot", step("capturedFrom", fields("Source")));
const fact = fields("Fact", step("quotedFrom", snapshot));
const claim = fields("Claim", ...["supportedBy", "contradictedBy", "considered"].map((field) => step(field, fact)));
const scene = fields("Scene", step("states", claim));

export const NEO4J_GRAPHQL_DOCUMENT = `query Upstream($tenantId: String!, $id: String!, $asOf: BigInt!) {
  episodes(where: { tenantId: { eq: $tenantId }, id: { eq: $id }, validFrom: { lte: $asOf }, validTo: { gt: $asOf } }) { ${fields("Episode", step("hasScene", scene))} }
}`;

type Tree = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Ids of the distinct nodes in its answer. */
export function distinctNodes(data: unknown): Set<string> {
  const seen = new Set<string>();
  const visit = (node: Tree): void => {
    seen.add(node.id);
    for (const [name, value] of Object.entries(node)) {
      if (!name.endsWith("Connection")) continue;
      for (const edge of (value as { edges: readonly { node: Tree }[] }).edges) visit(edge.node);
    }
  };
  for (const episode of (data as { episodes: readonly Tree[] }).episodes) visit(episode);
  return seen;
}
