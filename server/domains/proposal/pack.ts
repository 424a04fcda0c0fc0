import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { Instant } from "../../../graph-schema/time.js";
import type { Signer } from "../../audit/signer.js";
import { DomainError } from "../../errors.js";
import type { FrozenItem } from "./content.js";

/*
 * The evidence pack of what was published: lines of canonical JSON (RFC 8785), frozen in the transaction that published it. Each
 * line but the first has a salt, and is told apart by the SHA-256 of itself: one can be taken out, and nobody can guess it by
 * its hash. The last line, made when the pack leaves the house, lists the hashes and is signed. docs/evidence-pack.md says it for readers.
 */

/** Counts up when a line changes in a way that breaks who reads it. */
export const PACK_FORMAT = 1;
/** What the list of hashes calls the first line. */
export const HEAD_ID = "pack";
const ERASED_ID = "erased";

/** What a pack is of. No text of anybody stands in it: this line can't be taken out. */
export interface PackHead {
  readonly tenantId: string;
  readonly subjectId: string;
  readonly action: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly proposalId: string;
  /** SHA-256, hex, of what was proposed and approved: of action, arguments, subject and all items of the kind `node`. */
  readonly contentHash: string;
  /** When it was published, in epoch milliseconds. */
  readonly frozenAt: Instant;
}

/** The proposal, as its proposer made it. */
export interface PackProposal {
  readonly proposer: string;
  readonly proposerName: string;
  readonly onBehalfOf: string | null;
  readonly reason: string;
  readonly proposedAt: Instant;
}

/** One approver's word. */
export interface PackApproval {
  readonly verdict: string;
  readonly approver: string;
  readonly approverName: string;
  readonly contentHash: string;
  readonly reason: string;
  readonly givenAt: Instant;
}

/** What policy said when it was carried out. */
export interface PackDecision {
  readonly capability: string;
  /** SHA-256 of the policy that decided. */
  readonly policy: string;
  readonly approvers: readonly string[];
  /** What the publish gate had against it; empty unless an exemption let it through. */
  readonly gate: readonly string[];
  readonly decision: Readonly<Record<string, unknown>>;
}

/** An item: a node as it was, the proposal, a word of an approver, or the decision of policy. `id` is unique in the pack. */
export type PackItem =
  | ({ readonly kind: "node" } & FrozenItem)
  | ({ readonly kind: "proposal"; readonly id: string } & PackProposal)
  | ({ readonly kind: "approval"; readonly id: string } & PackApproval)
  | ({ readonly kind: "decision"; readonly id: string } & PackDecision);

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const KINDS: readonly PackItem["kind"][] = ["proposal", "approval", "decision", "node"];

/** The lines of a pack that is kept: what it is of, then its items by kind and id. `salt` makes a new one each time. */
export function freezeLines(
  head: PackHead,
  items: readonly PackItem[],
  salt: () => string,
): { text: string; hash: string } {
  const first = canonicalize({ type: "pack", format: PACK_FORMAT, items: items.length, ...head })!;
  const ordered = items.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || compare(a.id, b.id));
  const lines = [first, ...ordered.map((item) => canonicalize({ type: "item", salt: salt(), item })!)];
  const text = lines.map((line) => `${line}\n`).join("");
  return { text, hash: hashOf(text) };
}

export interface ReadPack {
  readonly head: PackHead & { readonly items: number };
  readonly items: readonly PackItem[];
  /** SHA-256 of the kept text, hex. */
  readonly sha256: string;
}

/** A pack as it was kept. Throws when its text isn't that of this hash: then somebody changed it in the database. */
export function readPack(text: string, sha256: string): ReadPack {
  if (hashOf(text) !== sha256) throw new PackAltered();
  const [first, ...rest] = linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>);
  const { type: _type, format: _format, ...head } = first as Record<string, unknown>;
  return {
    head: head as unknown as ReadPack["head"],
    items: rest.map(({ item }) => item as PackItem),
    sha256,
  };
}

/** Somebody changed it in the database. Nothing of it is told or signed. */
export class PackAltered extends DomainError {
  constructor() {
    super(
      "UNAVAILABLE",
      "The evidence pack isn't what was frozen: its text has another SHA-256 than its proposal tells.",
    );
  }
}

const linesOf = (text: string): string[] => text.split("\n").slice(0, -1);

/** The last line's list: each line's name and hash, in order. */
interface Listed {
  readonly id: string;
  readonly hash: string;
}

/** What is signed: never taken for a checkpoint or the end of a tenant's export, which the same key signs. */
export const signedText = (sha256: string, items: readonly Listed[]): Buffer =>
  Buffer.from(`throughline-pack v${PACK_FORMAT}\n${sha256}\n${hashOf(canonicalize(items)!)}\n`);

/**
 * A kept pack as the file that leaves the house. Items named by `without` are taken out: their hashes stay, so that all the rest
 * still verifies. Throws for a name that no item has.
 */
export async function packFile(
  { text, sha256 }: { readonly text: string; readonly sha256: string },
  signer: Signer,
  without: readonly string[] = [],
): Promise<string> {
  const { items } = readPack(text, sha256);
  const unknown = without.find((id) => !items.some((item) => item.id === id));
  if (unknown !== undefined) throw DomainError.badInput("without", `The pack has no item ${unknown}.`);
  const lines = linesOf(text);
  const listed = lines.map((line, i) => ({ id: i === 0 ? HEAD_ID : items[i - 1]!.id, hash: hashOf(line) }));
  const told = lines.map((line, i) =>
    without.includes(listed[i]!.id) ? canonicalize({ type: ERASED_ID, hash: listed[i]!.hash })! : line,
  );
  const signature = await signer.sign(signedText(sha256, listed));
  const end = {
    type: "end",
    sha256,
    items: listed,
    key: signer.publicKey.toString("base64"),
    signature: signature.toString("base64"),
  };
  return [...told, canonicalize(end)!].map((line) => `${line}\n`).join("");
}
