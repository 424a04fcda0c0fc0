import { createHash } from "node:crypto";
import { z } from "zod";
import { httpUrl, text, toProblems } from "../commands/input.js";
import type { Problem } from "../commands/problem.js";
import { claimKey, normalizeClaim } from "../domains/claim/claim-text.js";
import { factKey } from "../domains/fact/quote.js";
import { snapshotKey, snapshotText, snapshotTitle } from "../domains/snapshot/snapshot-text.js";
import { independenceGroupOf, normalizeUrl } from "../domains/source/source-url.js";
import { decodeBrackets } from "../trace/words.js";

/** What a file may assert of a claim and its evidence, and the edge that keeps it. Never a person's decision. */
export const LABEL_EDGES = { SUPPORTS: "SUPPORTED_BY", REFUTES: "CONTRADICTED_BY", NEI: "CONSIDERED" } as const;
export type AssertedEdge = (typeof LABEL_EDGES)[keyof typeof LABEL_EDGES];

/** A row with all that the graph calls things by, computed before the database is asked anything. */
export interface ClaimRow {
  /** The row's own name: its id, else the hash of claim, evidence and revision. */
  readonly key: string;
  /** Of everything that the row says; another one under the same key is an update. */
  readonly hash: string;
  readonly claim: string;
  readonly claimKey: string;
  readonly edge: AssertedEdge;
  readonly evidence: string;
  readonly factKey: string;
  readonly snapshotKey: string;
  readonly snapshotTitle: string;
  readonly snapshotUrl: string;
  readonly revision: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly sourceKey: string;
  readonly sourceTitle: string;
  readonly publisher: string;
  readonly independenceGroup: string;
}

export type ParsedRow =
  | { readonly row: ClaimRow }
  | { readonly problems: readonly Problem[]; readonly id: string | null };

const optionalText = (max: number) =>
  z
    .union([z.number().int().transform(String), text(max)])
    .nullish()
    .or(z.literal("").transform(() => null));

const columns = z.object({
  id: optionalText(200),
  claim: text(2_000).transform(decodeBrackets).transform(normalizeClaim),
  evidence: text().transform(decodeBrackets),
  label: z.enum(["SUPPORTS", "REFUTES", "NEI"], "must be SUPPORTS, REFUTES or NEI"),
  source_title: text(500).transform(decodeBrackets),
  source_url: httpUrl,
  revision_id: optionalText(200),
});

const sha256 = (...parts: readonly (string | null)[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** Reads one line of the file: a row, or what is wrong with it, by column. */
export function parseClaimRow(line: string): ParsedRow {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, problems: [{ code: "BAD_INPUT", path: "", message: "The line is no JSON." }] };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { id: null, problems: [{ code: "BAD_INPUT", path: "", message: "The line is no JSON object." }] };
  }
  const parsed = columns.safeParse(value);
  if (!parsed.success) {
    const id = "id" in value && typeof value.id === "string" ? value.id.slice(0, 200) : null;
    return { id, problems: toProblems(parsed.error) };
  }
  return { row: derive(parsed.data) };
}

function derive(given: z.output<typeof columns>): ClaimRow {
  const { claim, evidence, label, source_title: title } = given;
  const url = new URL(given.source_url);
  const revision = given.revision_id ?? url.searchParams.get("oldid");
  const body = snapshotText(evidence);
  const source = sourceKeyOf(url, title);
  const snapshot = snapshotKey(source, revision, body.sha256);
  return {
    key: given.id ? `claims id ${given.id}` : `claims sha ${sha256(claim, evidence, revision)}`,
    hash: sha256(claim, evidence, label, title, given.source_url, revision),
    claim,
    claimKey: claimKey(claim),
    edge: LABEL_EDGES[label],
    evidence: body.text,
    factKey: factKey(snapshot, { prefix: "", exact: body.text, suffix: "" }),
    snapshotKey: snapshot,
    snapshotTitle: snapshotTitle(title, revision),
    snapshotUrl: given.source_url,
    revision,
    sha256: body.sha256,
    bytes: body.bytes,
    sourceKey: source,
    sourceTitle: title,
    publisher: url.hostname,
    independenceGroup: independenceGroupOf(given.source_url),
  };
}

/**
 * One source per title and host, by whichever protocol it was read. A wiki's address of an old revision names the page's
 * own; elsewhere only title and host are known of the source, so they name it, and the row's address belongs to the snapshot.
 */
function sourceKeyOf(url: URL, title: string): string {
  const isWiki =
    url.searchParams.has("oldid") || url.pathname.startsWith("/wiki/") || url.pathname.endsWith("/index.php");
  if (isWiki) return wikiPage(url, title);
  return `https://${url.host}/#title=${encodeURIComponent(title)}`;
}

/** The address of a wiki's page, as a wiki itself writes it. */
export function wikiPage(url: URL, title: string): string {
  const name = encodeURIComponent(title.replaceAll(" ", "_")).replace(/%(?:3A|2F|2C|40|24|3B)/g, decodeURIComponent);
  return normalizeUrl(`https://${url.host}/wiki/${name}`);
}
