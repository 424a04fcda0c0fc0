import neo4j, { type Driver, type Session } from "neo4j-driver";
import { columnsOf, type Answer, type AnswerLabel } from "./lineage.answer.js";

/*
 * The baseline: one query over Bolt that goes level by level along the labels and types that it knows this answer to have,
 * and answers the same distinct nodes, edges and properties for the same instant. In two encodings, since the driver
 * decodes lists much faster than maps: the faster one is what we are measured against.
 */

const LEVELS: readonly { readonly label: AnswerLabel; readonly types: string }[] = [
  { label: "Episode", types: "" },
  { label: "Scene", types: "HAS_SCENE" },
  { label: "Claim", types: "STATES" },
  { label: "Fact", types: "SUPPORTED_BY|CONTRADICTED_BY|CONSIDERED" },
  { label: "Snapshot", types: "QUOTED_FROM" },
  { label: "Source", types: "CAPTURED_FROM" },
];

const holds = (x: string) => `${x}.validFrom <= $asOf AND ${x}.validTo > $asOf`;

function traversal(edge: string): string {
  const steps = LEVELS.slice(1).map(
    ({ label, types }, i) => `CALL (l${i}) { UNWIND l${i} AS a MATCH (a)-[r:${types}]->(b:${label}) WHERE ${holds("r")}
  RETURN collect(DISTINCT b) AS l${i + 1}, collect(${edge}) AS r${i + 1} }`,
  );
  return [
    `MATCH (root:Episode {tenantId: $tenantId, id: $id}) WHERE ${holds("root")}`,
    "WITH [root] AS l0",
    ...steps,
  ].join("\n");
}

const allEdges = LEVELS.slice(1)
  .map((_, i) => `r${i + 1}`)
  .join(" + ");

const LISTS = `${traversal("[type(r), a.id, b.id, r.validFrom, r.validTo, r.openedBy]")}
WITH *, ${allEdges} AS edges
CALL (edges) { UNWIND edges AS edge WITH DISTINCT edge[5] AS openedBy
  MATCH (o:Operation {tenantId: $tenantId, operationId: openedBy})
  RETURN collect([openedBy, o.actorName, o.reason]) AS operations }
RETURN edges, operations, ${LEVELS.map(
  ({ label }, i) =>
    `[n IN l${i} | [${columnsOf(label)
      .map((column) => `n.${column}`)
      .join(", ")}]] AS ${label}`,
).join(", ")}`;

const MAPS = `${traversal("r")}
WITH *, ${allEdges} AS edges
CALL (edges) { UNWIND edges AS r WITH r, startNode(r) AS a, endNode(r) AS b
  MATCH (o:Operation {tenantId: $tenantId, operationId: r.openedBy})
  RETURN collect({type: type(r), from: a.id, to: b.id, validFrom: r.validFrom, validTo: r.validTo, openedBy: r.openedBy, by: o.actorName, why: o.reason}) AS drawn }
RETURN drawn AS edges, ${LEVELS.map(
  ({ label }, i) =>
    `[n IN l${i} | n {${columnsOf(label)
      .map((column) => `.${column}`)
      .join(", ")}}] AS ${label}`,
).join(", ")}`;

export type Encoding = "lists" | "maps";
type Row = Readonly<Record<string, readonly unknown[]>>;

export const openDriver = ({ uri, user, password }: { uri: string; user: string; password: string }): Driver =>
  neo4j.driver(uri, neo4j.auth.basic(user, password), { disableLosslessIntegers: true });

/** The one row of the baseline's answer, as the driver hands it over. */
export async function askRaw(
  driver: Driver,
  encoding: Encoding,
  question: { tenantId: string; id: string; asOf: number },
): Promise<Row> {
  const session: Session = driver.session({ defaultAccessMode: neo4j.session.READ });
  try {
    const { tenantId, id, asOf } = question;
    const { records } = await session.run<Row>(encoding === "lists" ? LISTS : MAPS, {
      tenantId,
      id,
      asOf: neo4j.int(asOf),
    });
    return records[0]!.toObject();
  } finally {
    await session.close();
  }
}

export function rawAnswer(encoding: Encoding, row: Row): Answer {
  const labels = LEVELS.map(({ label }) => label);
  if (encoding === "lists") {
    const operations = new Map((row.operations as [string, string, string][]).map(([id, by, why]) => [id, [by, why]]));
    return {
      nodes: labels.flatMap((label) => (row[label] as unknown[][]).map((values) => [label, ...values])),
      edges: (row.edges as unknown[][]).map((edge) => [...edge, ...operations.get(edge[5] as string)!]),
    };
  }
  const pick = (map: unknown, columns: readonly string[]) =>
    columns.map((column) => (map as Record<string, unknown>)[column] ?? null);
  return {
    nodes: labels.flatMap((label) => row[label]!.map((map) => [label, ...pick(map, columnsOf(label))])),
    edges: row.edges!.map((map) => pick(map, ["type", "from", "to", "validFrom", "validTo", "openedBy", "by", "why"])),
  };
}
