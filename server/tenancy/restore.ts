import type { Label } from "../../graph-schema/catalog.js";
import { DomainError } from "../errors.js";
import type { Graph, WriteTx } from "../graph/graph.js";
import { keyOf } from "./content.query.js";
import { readExport, type Checked, type NodeLine } from "./export-file.js";
import { exportTenantLines, toText, type ExportLine } from "./export.js";
import {
  edgeCreations,
  edgeKind,
  nodeCreations,
  noteRestored,
  restoreState,
  type EdgeLine,
  type NodeRow,
} from "./restore.query.js";

/** Steps of one transaction, a node or the edges of a node each, and about how many characters they may hold together. */
const BATCH = { steps: 500, characters: 4_000_000 } as const;
const TIMEOUT_MS = 120_000;

/** Operations of one restore begin with this, by which it knows what it added itself. */
export const restoreId = (sha256: string): string => `restore/${sha256.slice(0, 32)}`;

interface Step {
  readonly line: NodeLine;
  /** First all nodes, then all edges, whose ends are there by then. */
  readonly edges: boolean;
}

async function* stepsOf(path: string, sha256: string): AsyncGenerator<Step> {
  for (const edges of [false, true])
    for await (const line of readExport(path, sha256)) if (line.labels[0] !== "Tenant") yield { line, edges };
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * Writes what a checked export holds into the tenant that `restoreTenant` has put there, shut, and goes on where an earlier go
 * stopped. Each batch holds the tenant's node, and is refused once that isn't being restored from this export any more.
 */
export async function loadContent(
  graph: Graph,
  path: string,
  { tenantId, sha256, nodes }: Pick<Checked, "tenantId" | "sha256" | "nodes">,
  progress: (told: Progress) => void,
): Promise<void> {
  const total = 2 * (nodes - 1);
  let batch: Step[] = [];
  let characters = 0;
  let seen = 0;
  let done = 0;
  const write = async () => {
    const [steps, from] = [batch, seen - batch.length];
    const { value } = await graph.write({ tenantId, timeoutMs: TIMEOUT_MS }, (tx) =>
      writeBatch(tx, sha256, steps, from),
    );
    done = value;
    [batch, characters] = [[], 0];
    progress({ done, total });
  };
  for await (const step of stepsOf(path, sha256)) {
    seen += 1;
    if (seen <= done) continue;
    batch.push(step);
    characters += sizeOf(step);
    if (batch.length >= BATCH.steps || characters > BATCH.characters) await write();
  }
  await write();
}

/** Answers how many steps are done: more than were asked for, when an earlier go got further. */
async function writeBatch(tx: WriteTx, sha256: string, steps: readonly Step[], from: number): Promise<number> {
  const [state] = await tx.run(restoreState, {});
  if (state?.status !== "RESTORING" || state.sha256 !== sha256)
    throw new DomainError(
      "UNAVAILABLE",
      `The tenant ${tx.tenantId} isn't being restored from this export any more: another restore took its place, or its move was called off. This one wrote nothing more.`,
    );
  if (state.done < from) throw new Error("a restore goes on where it stopped");
  const left = steps.slice(state.done - from);
  if (left.length === 0) return state.done;
  await writeNodes(tx, left);
  await writeEdges(tx, left);
  await tx.run(noteRestored, { done: from + steps.length });
  return from + steps.length;
}

async function writeNodes(tx: WriteTx, steps: readonly Step[]): Promise<void> {
  const byLabel = new Map<Label, NodeRow[]>();
  for (const { line, edges } of steps) {
    if (edges) continue;
    const [label, ...marks] = line.labels;
    // The tenant is the transaction's, and never a file's.
    const { tenantId: _, ...properties } = line.properties;
    add(byLabel, label, { key: String(properties[keyOf(label)]), marks, properties });
  }
  for (const [label, rows] of byLabel) await tx.run(nodeCreations.get(label)!, { rows });
}

async function writeEdges(tx: WriteTx, steps: readonly Step[]): Promise<void> {
  const byKind = new Map<string, EdgeLine[]>();
  for (const { line, edges } of steps) {
    const [label] = line.labels;
    for (const { type, to, key, properties } of edges ? line.edges : [])
      add(byKind, edgeKind(type, label, to), { from: String(line.properties[keyOf(label)]), to: key, properties });
  }
  for (const [kind, rows] of byKind) {
    const [found] = await tx.run(edgeCreations.get(kind)!, { rows });
    if (found?.created !== rows.length)
      throw new DomainError("BAD_INPUT", `An end of a ${kind} isn't in the export; the tenant stays shut.`, "file");
  }
}

function add<K, V>(to: Map<K, V[]>, key: K, value: V): void {
  const list = to.get(key);
  if (list === undefined) to.set(key, [value]);
  else list.push(value);
}

const sizeOf = ({ line, edges }: Step): number =>
  edges
    ? 200 * line.edges.length
    : Object.values(line.properties).reduce<number>((sum, value) => sum + String(value).length + 20, 0);

/**
 * Reads the restored tenant back and holds it against the export, line by line: all that the export has must be there as it
 * was, and beside it only what the restore noted of itself. Answers null when it is so, else the first difference.
 */
export async function compareWith(
  graph: Graph,
  path: string,
  { tenantId, tenant, sha256 }: Pick<Checked, "tenantId" | "tenant" | "sha256">,
): Promise<string | null> {
  const wanted = readExport(path, sha256);
  let next = await wanted.next();
  for await (const { line, text } of exportTenantLines(graph, tenantId, undefined)) {
    if (line.type !== "node") continue;
    const same =
      line.labels[0] === "Tenant"
        ? text === toText(shut(line, tenant, sha256))
        : !next.done && text === toText(next.value);
    if (same) next = await wanted.next();
    else if (!isOwn(line, sha256)) return `it has a ${line.labels[0]} that isn't in the export, or is another there`;
  }
  return next.done ? null : `a ${next.value.labels[0]} of the export isn't there`;
}

/** The tenant's node as it must stand while it is being restored. */
function shut(line: ExportLine & { type: "node" }, tenant: Checked["tenant"], sha256: string): ExportLine {
  const { _restored } = line.properties;
  const given = Object.fromEntries(Object.entries(tenant).filter(([, value]) => value !== null));
  const properties = { ...given, status: "RESTORING", _restoring: sha256, _restored, _opensAs: tenant.status };
  return { ...line, labels: ["Tenant"], edges: [], properties };
}

/** What the write path noted of the restore itself. */
const isOwn = (
  { labels: [label], properties: { operationId } }: ExportLine & { type: "node" },
  sha256: string,
): boolean =>
  ["AuditEntry", "Operation", "OutboxEvent"].includes(label!) && String(operationId).startsWith(restoreId(sha256));
