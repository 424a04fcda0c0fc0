import neo4j, { type Driver } from "neo4j-driver";
import { ulid } from "ulid";
import { NODE_LABELS, type EdgeType, type NodeLabel } from "../../graph-schema/catalog.js";
import { NODES } from "../../graph-schema/nodes.js";
import { FOREVER } from "../../graph-schema/time.js";
import { labelKey, tenantKey } from "../../server/graph/life.js";
import { toDriverValue } from "../../server/graph/values.js";

/** What one episode is made of. Its sources are shared with the other episodes of its group. */
export const EPISODE = {
  scenes: 12,
  claims: 48,
  facts: 96,
  snapshots: 24,
  sources: 24,
  group: 4,
  closedEdges: 8,
} as const;
/** An operation for each scene: the scene and what stands on it. */
const OPERATIONS = EPISODE.scenes;
const NODES_EACH =
  1 +
  EPISODE.scenes +
  EPISODE.claims +
  EPISODE.facts +
  EPISODE.snapshots +
  EPISODE.sources / EPISODE.group +
  OPERATIONS;
/** Distinct nodes and open edges of one episode's full upstream. */
export const ANSWER = {
  nodes: 1 + EPISODE.scenes + EPISODE.claims + EPISODE.facts + EPISODE.snapshots + EPISODE.sources,
  edges: EPISODE.scenes + EPISODE.claims + 2 * EPISODE.facts + EPISODE.snapshots,
} as const;

const BATCH_GROUPS = 6;
export const BORN = Date.UTC(2026, 0, 1);
/** When the closed edges were closed; every question is asked for later. */
const CLOSED = BORN + 40 * 86_400_000;

interface StoredEdge {
  readonly from: string;
  readonly to: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Nodes and edges on their way to the store. */
export class Batch {
  readonly nodes = new Map<NodeLabel, object[]>();
  readonly edges = new Map<`${NodeLabel} ${EdgeType} ${NodeLabel}`, StoredEdge[]>();
  readonly operations: object[] = [];

  constructor(private readonly tenantId: string) {}

  operation(command: string, reason: string): string {
    const operationId = `bench/${ulid()}`;
    this.operations.push({
      operationId,
      command,
      reason,
      actor: "bench",
      actorName: "Bea Bench",
      attempt: "1",
      inputHash: "-",
      result: "{}",
      at: BORN,
    });
    return operationId;
  }

  node(label: NodeLabel, operationId: string, properties: object): string {
    const id = ulid();
    const life = { id, validFrom: BORN, validTo: FOREVER, version: 1, versionFrom: BORN, versionBy: operationId };
    const extra = {
      ...("key" in NODES[label] ? { key: `bench ${id}` } : {}),
      ...(NODES[label].searched ? { tenantKey: tenantKey(this.tenantId), labelKey: labelKey(label) } : {}),
    };
    add(this.nodes, label, { ...properties, ...life, ...extra });
    return id;
  }

  edge(
    from: NodeLabel,
    type: EdgeType,
    to: NodeLabel,
    ends: readonly [string, string],
    openedBy: string,
    properties: object = {},
  ): void {
    add(this.edges, `${from} ${type} ${to}`, {
      from: ends[0],
      to: ends[1],
      properties: { validFrom: BORN, validTo: FOREVER, openedBy, ...properties },
    });
  }

  async write(driver: Driver): Promise<void> {
    const session = driver.session();
    const { tenantId } = this;
    try {
      await session.executeWrite(async (tx) => {
        const send = (cypher: string, rows: readonly object[]) =>
          tx.run(cypher, { tenantId, rows: toDriverValue(rows) });
        await send(`UNWIND $rows AS row CREATE (n:Operation {tenantId: $tenantId}) SET n += row`, this.operations);
        for (const [label, rows] of this.nodes)
          await send(`UNWIND $rows AS row CREATE (n:${label} {tenantId: $tenantId}) SET n += row`, rows);
        for (const [key, rows] of this.edges) {
          const [from, type, to] = key.split(" ");
          await send(
            `UNWIND $rows AS row MATCH (a:${from} {tenantId: $tenantId, id: row.from}), (b:${to} {tenantId: $tenantId, id: row.to}) CREATE (a)-[r:${type}]->(b) SET r = row.properties`,
            rows,
          );
        }
      });
    } finally {
      await session.close();
    }
  }
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

const indexes = (length: number): number[] => Array.from({ length }, (_, i) => i);

/** A group of episodes over its shared sources. */
function addGroup(batch: Batch, group: number, random: () => number): void {
  const opening = indexes(OPERATIONS).map((i) =>
    batch.operation("registerSource", `the desk's reading of group ${group}, shelf ${i}`),
  );
  const sources = indexes(EPISODE.sources).map((i) => {
    const host = `publisher-${group % 997}-${i}.example`;
    return batch.node("Source", opening[i % OPERATIONS]!, {
      title: `Annual review of measured heat demand, volume ${group}, part ${i}`,
      url: `https://${host}/reviews/${group}/part-${i}`,
      publisher: `Publisher ${group % 997}`,
      tier: 1 + (i % 3),
      reliability: "ABCDEF"[i % 6],
      publishedAt: BORN - i * 86_400_000,
      retrievedAt: BORN,
      independenceGroup: host,
      status: "ACTIVE",
    });
  });
  for (const episode of indexes(EPISODE.group))
    addEpisode(batch, group * EPISODE.group + episode, sources, episode === 0 ? opening : undefined, random);
}

function addEpisode(
  batch: Batch,
  number: number,
  sources: readonly string[],
  opening: readonly string[] | undefined,
  random: () => number,
): void {
  const by =
    opening ??
    indexes(OPERATIONS).map((i) =>
      batch.operation("createScene", `scene ${i + 1} of episode ${number} as the script has it`),
    );
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)]!;
  const snapshots = indexes(EPISODE.snapshots).map((i) => {
    const operation = by[i % by.length]!;
    const id = batch.node("Snapshot", operation, {
      title: `Annual review of measured heat demand, revision ${number}-${i}`,
      url: `https://publisher.example/reviews/${number}?revision=${i}`,
      revision: `${number}-${i}`,
      sha256: `${number.toString(16).padStart(32, "0")}${i.toString(16).padStart(32, "0")}`,
      mediaType: "text/html",
      capturedAt: BORN + i * 3_600_000,
      kind: i % 4 === 0 ? "EXCERPT" : "FULL",
      bytes: 10_000 + i,
      cut: false,
    });
    batch.edge("Snapshot", "CAPTURED_FROM", "Source", [id, sources[i]!], operation);
    return id;
  });
  const facts = indexes(EPISODE.facts).map((i) => {
    const operation = by[i % by.length]!;
    const measured = i % 3 === 0;
    const id = batch.node("Fact", operation, {
      title: `In winter ${1990 + (i % 30)} the measured homes of sample ${number} used ${i + 40} kWh a day for heat`,
      kind: measured ? "DATA_POINT" : "KEY_FACT",
      quotePrefix: "as the field teams noted, in the",
      quoteExact: `homes of sample ${number} an average of ${i + 40} kWh of heat was used on each day of the winter`,
      quoteSuffix: ", with the usual spread between h",
      ...(measured ? { value: i + 40.5, unit: "kWh", asOfDate: `${1990 + (i % 30)}-12-31` } : {}),
    });
    batch.edge("Fact", "QUOTED_FROM", "Snapshot", [id, snapshots[i % snapshots.length]!], operation);
    return id;
  });
  const claims = indexes(EPISODE.claims).map((i) => {
    const operation = by[i % by.length]!;
    const id = batch.node("Claim", operation, {
      title: `A home like those of sample ${number} needs about ${i + 40} kWh of heat a day in winter ${i}`,
      kind: i % 2 === 0 ? "SCIENCE" : "COUNT",
      status: "STATED",
      recheckBy: BORN + 730 * 86_400_000,
    });
    const stated = { basis: "PERSON", assertingRows: 0 };
    batch.edge("Claim", "SUPPORTED_BY", "Fact", [id, facts[2 * i]!], operation, stated);
    batch.edge(
      "Claim",
      i % 6 === 0 ? "CONTRADICTED_BY" : "SUPPORTED_BY",
      "Fact",
      [id, facts[2 * i + 1]!],
      operation,
      stated,
    );
    if (i < EPISODE.closedEdges) {
      batch.edge("Claim", "CONSIDERED", "Fact", [id, pick(facts)], operation, {
        ...stated,
        validTo: CLOSED,
        closedBy: operation,
      });
    }
    return id;
  });
  const episode = batch.node("Episode", by[0]!, {
    title: `What winter ${number} asks of a home`,
    status: "PUBLISHED",
    publishedAt: BORN,
  });
  for (const i of indexes(EPISODE.scenes)) {
    const operation = by[i]!;
    const scene = batch.node("Scene", operation, {
      title: `Scene ${i + 1}: the boiler room of house ${number}`,
      ordinal: i + 1,
      narration: "We stand where the heat is made, and read off what the meter says. ".repeat(3),
    });
    batch.edge("Episode", "HAS_SCENE", "Scene", [episode, scene], operation);
    const perScene = EPISODE.claims / EPISODE.scenes;
    for (const claim of claims.slice(i * perScene, (i + 1) * perScene))
      batch.edge("Scene", "STATES", "Claim", [scene, claim], operation);
  }
}

const count = async (driver: Driver): Promise<number> => {
  const { records } = await driver.executeQuery(
    "MATCH (n) RETURN count(n) AS nodes",
    {},
    { routing: neo4j.routing.READ },
  );
  return records[0]!.get("nodes") as number;
};

/** Fills the store up to about `nodes` nodes; one that has them already stays as it is. Answers how many there are. */
export async function fillStore(
  driver: Driver,
  tenantId: string,
  nodes: number,
  random: () => number,
  progress: (text: string) => void,
): Promise<number> {
  const groupSize = NODES_EACH * EPISODE.group;
  let there = await count(driver);
  const groups = Math.max(0, Math.floor((nodes - there) / groupSize));
  const first = Math.floor(there / groupSize);
  for (let done = 0; done < groups;) {
    const batch = new Batch(tenantId);
    for (const group of indexes(Math.min(BATCH_GROUPS, groups - done))) addGroup(batch, first + done + group, random);
    await batch.write(driver);
    done = Math.min(done + BATCH_GROUPS, groups);
    if (done % (BATCH_GROUPS * 10) === 0)
      progress(`${Math.round((done / groups) * 100)} % of ${nodes.toLocaleString("en-US")} nodes`);
  }
  there = await count(driver);
  await driver.executeQuery("CALL db.awaitIndexes(600)", {}, { routing: neo4j.routing.WRITE });
  return there;
}

/** Every episode's id, in order. */
export async function episodeIds(driver: Driver, tenantId: string): Promise<string[]> {
  const { records } = await driver.executeQuery(
    "MATCH (e:Episode {tenantId: $tenantId}) WHERE e.id > '' RETURN e.id AS id ORDER BY e.tenantId, e.id",
    { tenantId },
    { routing: neo4j.routing.READ },
  );
  return records.map((record) => record.get("id") as string);
}

/** Public labels of the nodes that an answer holds. */
export const ANSWER_LABELS = NODE_LABELS.filter((label) =>
  ["Episode", "Scene", "Claim", "Fact", "Snapshot", "Source"].includes(label),
);
