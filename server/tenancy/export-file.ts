import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { z } from "zod";
import {
  EDGES,
  LABELS,
  LINEAGE_EDGES,
  mayJoin,
  NODE_LABELS,
  type EdgeType,
  type Label,
} from "../../graph-schema/catalog.js";
import { EDGE_PROPERTIES } from "../../graph-schema/edges.js";
import { nodeBase } from "../../graph-schema/node.js";
import { NODES } from "../../graph-schema/nodes.js";
import { DomainError } from "../errors.js";
import { EXPORTED, keyOf, MARKS } from "./content.query.js";
import { FORMAT, UNSIGNED_FORMAT, type EndLine, type ExportLine } from "./export.js";
import { judgeSignature } from "./export-signature.js";
import { ExportedLog } from "./exported-log.js";

/*
 * An export, read back. It is read through once before anything of it is written, in memory of one line: whether it is whole,
 * what it was, of this format, and of nothing but what the catalog knows.
 */

/** Longest line, in bytes. The longest text of a node is 2 MB; this leaves room for one with 100,000 edges. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A file that can't be restored. The message names its line and what to do. */
export const unfit = (message: string): DomainError =>
  DomainError.badInput("file", `${message} Nothing was restored from it.`);

/** Lines with their ends; what stands behind the last end is a line without one. */
async function* readLines(path: string): AsyncGenerator<Buffer> {
  let kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length;) {
      const found = chunk.indexOf(NEWLINE, start);
      const part = chunk.subarray(start, found === -1 ? chunk.length : found + 1);
      start += part.length;
      length += part.length;
      if (length > MAX_LINE_BYTES) throw unfit(`A line is longer than ${MAX_LINE_BYTES} bytes.`);
      kept.push(part);
      if (found === -1) continue;
      yield kept.length === 1 ? part : Buffer.concat(kept);
      kept = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(kept);
}

const stored = z.union([z.string(), z.number(), z.boolean()]);
const properties = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "isn't the name of a property"),
  z.union([stored, z.array(stored)]),
);
const nodeLine = z.strictObject({
  type: z.literal("node"),
  labels: z.tuple([z.enum(EXPORTED)], z.string()),
  properties,
  edges: z.array(z.strictObject({ type: z.string(), to: z.string(), key: z.string(), properties })),
});
export type NodeLine = z.infer<typeof nodeLine>;
const line = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("tenant"),
    tenantId: z.string(),
    format: z.literal([FORMAT, UNSIGNED_FORMAT], `is another format than ${FORMAT}, which this version reads`),
    labels: z.array(z.string()),
  }),
  nodeLine,
  z.strictObject({
    type: z.literal("end"),
    nodes: z.number(),
    edges: z.number(),
    sha256: z.string(),
    key: z.exactOptional(z.string()),
    signature: z.exactOptional(z.string()),
  }),
]);

/** What the graph adds to a node beside its shape: see graph/life.ts and graph/lock.ts. */
const life = z.object({
  tenantId: z.string(),
  key: z.string().optional(),
  versionBy: z.string().optional(),
  tenantKey: z.string().optional(),
  labelKey: z.string().optional(),
  _closedAt: z.number().optional(),
});
/** The stored properties of each content label. Plumbing has no shape in the catalog: of it, only the names' form is judged. */
const SHAPES = new Map<Label, z.ZodObject>(
  NODE_LABELS.map((label) => [label, nodeBase.extend(life.shape).extend(NODES[label].shape.shape).strict()]),
);
export const tenantProperties = nodeBase.extend(life.shape).extend(NODES.Tenant.shape.shape).strict();
export type TenantNode = z.infer<typeof tenantProperties>;

const INTERVAL = ["validFrom", "validTo", "openedBy", "closedBy"];
const edgeProperties = (type: EdgeType): readonly string[] =>
  type in EDGE_PROPERTIES
    ? [...INTERVAL, ...Object.keys(EDGE_PROPERTIES[type as keyof typeof EDGE_PROPERTIES].shape)]
    : INTERVAL;

/** What an export says of itself, once it was read through. */
export interface Checked {
  readonly tenantId: string;
  /** The tenant's own node, as it was. */
  readonly tenant: TenantNode;
  readonly sha256: string;
  readonly nodes: number;
  readonly edges: number;
  /** How many entries of its audit log are sealed. */
  readonly sealed: number;
  /** The known key that signed it, base64; null when nobody known did, and that was said to be all right. */
  readonly signedBy: string | null;
}

/**
 * Reads an export through, and throws BAD_INPUT for the first thing that is wrong with it. `keys` are those of the audits that are
 * trusted: one of them must have signed it, unless it may be `unsigned`. One that was altered since it was signed is never read.
 */
export async function checkExport(
  path: string,
  keys: readonly Buffer[],
  { unsigned = false }: { readonly unsigned?: boolean } = {},
): Promise<Checked> {
  const sha256 = createHash("sha256");
  let head: { tenantId: string } | undefined;
  let tenant: TenantNode | undefined;
  let log: ExportedLog | undefined;
  let end: EndLine | undefined;
  let [number, nodes, edges] = [0, 0, 0];
  for await (const bytes of readLines(path)) {
    number += 1;
    const wrong = (what: string) => unfit(`Line ${number}: ${what}`);
    if (end !== undefined) throw wrong("something stands behind the end.");
    const read = parsed(bytes, wrong);
    if ((read.type === "tenant") !== (number === 1)) throw wrong("an export begins with the line of its tenant.");
    if (read.type === "end") {
      end = read;
      continue;
    }
    sha256.update(bytes);
    if (read.type === "tenant") {
      head = read;
      log = new ExportedLog(read.tenantId, keys);
      if (read.format === UNSIGNED_FORMAT && !unsigned)
        throw wrong(`format: ${UNSIGNED_FORMAT} isn't signed, so nobody can tell who made it. ${UNSIGNED_REMEDY}`);
      const unknown = read.labels.find((label) => !Object.hasOwn(LABELS, label));
      if (unknown !== undefined) throw wrong(`the catalog doesn't know ${unknown}: it is of a newer version.`);
      continue;
    }
    nodes += 1;
    edges += read.edges.length;
    const problem = problemOf(read, head!.tenantId) ?? log!.add(read);
    if (problem !== null) throw wrong(problem);
    if (read.labels[0] !== "Tenant") continue;
    if (tenant !== undefined || read.properties.id !== head!.tenantId) throw wrong("it is another tenant's.");
    tenant = tenantProperties.parse(read.properties);
  }
  if (end === undefined) throw unfit("It is cut off: the line `end` is missing.");
  if (tenant === undefined) throw unfit("The tenant itself isn't in it.");
  if (end.nodes !== nodes || end.edges !== edges)
    throw unfit(
      `It was altered: it has ${nodes} nodes and ${edges} edges, and its end tells of ${end.nodes} and ${end.edges}.`,
    );
  const found = sha256.digest("hex");
  if (found !== end.sha256) throw unfit("It was altered: its lines aren't those that its end has the SHA-256 of.");
  const { tenantId } = tenant;
  const signedBy = signerOf(end, tenantId, keys, unsigned);
  const broken = log!.problem();
  if (broken !== null) throw unfit(broken);
  return { tenantId, tenant, sha256: found, nodes, edges, sealed: log!.sealed, signedBy };
}

const UNSIGNED_REMEDY =
  "If you know that nobody can have changed it, --unsigned restores it all the same, and that stands in the audit.";

function signerOf(end: EndLine, tenantId: string, keys: readonly Buffer[], unsigned: boolean): string | null {
  const { key, signature } = end;
  const isSigned = key !== undefined && signature !== undefined;
  const judged = isSigned ? judgeSignature({ key, signature }, tenantId, end, keys) : "unsigned";
  if (judged === "good") return key!;
  if (judged === "forged") throw unfit("It was altered: the signature of its end isn't that of what it says.");
  if (unsigned) return null;
  throw unfit(
    judged === "unknown"
      ? `It is signed with the key ${key}, which isn't known here: if that is what \`audit key\` prints where it comes from, put it into regions.yaml, as one of that region's auditKeys. ${UNSIGNED_REMEDY}`
      : `It isn't signed, so nobody can tell who made it. ${UNSIGNED_REMEDY}`,
  );
}

function parsed(bytes: Buffer, wrong: (what: string) => Error): z.infer<typeof line> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw wrong("it is no line of JSON; the file is cut off or altered.");
  }
  const read = line.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw wrong(`${issue?.path.join(".") || "it"}: ${issue?.message ?? "isn't of an export's form"}.`);
}

/** What the catalog doesn't know of a node or its edges; null when it knows all of it. */
function problemOf({ labels: [label, ...marks], properties: given, edges }: NodeLine, tenantId: string): string | null {
  if (given.tenantId !== tenantId) return "it is another tenant's.";
  if (typeof given[keyOf(label)] !== "string") return `a ${label} without its ${keyOf(label)}.`;
  const mark = marks.find((one) => !MARKS[label]?.includes(one as Label));
  if (mark !== undefined) return `the catalog doesn't know ${mark} on a ${label}.`;
  const [issue] = SHAPES.get(label)?.safeParse(given).error?.issues ?? [];
  if (issue !== undefined)
    return issue.code === "unrecognized_keys"
      ? `the catalog doesn't know ${issue.keys.join(", ")} of a ${label}.`
      : `${label}.${issue.path.join(".")}: ${issue.message}.`;
  for (const { type, to, properties: more } of edges) {
    if (!Object.hasOwn(EDGES, type) || !Object.hasOwn(LABELS, to) || !mayJoin(type as EdgeType, label, to as Label))
      return `the catalog doesn't know ${type} from ${label} to ${to}.`;
    const known = edgeProperties(type as EdgeType);
    const unknown = Object.keys(more).find((name) => !known.includes(name));
    if (unknown !== undefined) return `the catalog doesn't know ${unknown} of ${type}.`;
    // Without its interval an edge that says something holds at no instant.
    if ((LINEAGE_EDGES as readonly string[]).includes(type) && !("validFrom" in more && "validTo" in more))
      return `${type} says not since when it holds.`;
  }
  return null;
}

/** The nodes of an export that was checked, in order; throws when the file isn't the one any more. */
export async function* readExport(path: string, sha256: string): AsyncGenerator<NodeLine> {
  const hash = createHash("sha256");
  try {
    for await (const bytes of readLines(path)) {
      const read = JSON.parse(bytes.toString("utf8")) as ExportLine;
      if (read.type === "end") break;
      hash.update(bytes);
      if (read.type === "node") yield read as NodeLine;
    }
  } catch (error) {
    // That of a move goes when the move is called off.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new DomainError("UNAVAILABLE", "The file went away while it was read.");
  }
  if (hash.digest("hex") !== sha256) throw new DomainError("UNAVAILABLE", "The file changed while it was read.");
}
