import { createHash, randomBytes } from "node:crypto";
import canonicalize from "canonicalize";
import { hashLeaf } from "./tree.js";

/** What a node of an audit entry holds, by property; what it doesn't hold isn't there. */
export type StoredEntry = Readonly<Record<string, unknown>>;

/**
 * What people wrote, or who they are: a leaf holds a salted digest of each, so that text and salt can be erased and the leaf
 * stays what it was. Without the salt nobody can guess a text by its digest.
 */
export const ERASABLE = ["actor", "actorName", "onBehalfOf", "reason", "detail", "decisionInput"] as const;

/** Of the sealing and the erasing themselves; everything else that the node holds is in the leaf, known to us or not. */
const OUTSIDE_THE_LEAF: readonly string[] = ["sequence", "leafHash", "salt", "erased", "erasedBy", ...ERASABLE];

export const newSalt = (): string => randomBytes(16).toString("hex");

const digestOf = (salt: string, name: string, text: string): string =>
  createHash("sha256").update(`${salt}\n${name}\n${text}`).digest("hex");

/** Digests of the erasable texts, by name: of the texts themselves, or those that were kept in place of them. */
function digestsOf(entry: StoredEntry, salt: string): Record<string, string> {
  const kept = Array.isArray(entry.erased)
    ? entry.erased.map((each) => String(each).split(":") as [string, string])
    : [];
  const present = ERASABLE.flatMap((name) =>
    entry[name] === undefined ? [] : [[name, digestOf(salt, name, String(entry[name]))] as const],
  );
  return Object.fromEntries([...kept, ...present]);
}

/** The data of an entry's leaf: RFC 8785 JSON of all that it holds at its place in the tree, with digests for what can be erased. */
export function leafData(entry: StoredEntry, place: { readonly sequence: number; readonly salt: string }): string {
  const open = Object.entries(entry).filter(([name]) => !OUTSIDE_THE_LEAF.includes(name));
  const data = canonicalize({
    sequence: place.sequence,
    entry: Object.fromEntries(open),
    digests: digestsOf(entry, place.salt),
  });
  if (data === undefined) throw new Error("an entry is plain data");
  return data;
}

export const leafHashOf = (...told: Parameters<typeof leafData>): Buffer => hashLeaf(leafData(...told));

/** What takes the place of an entry's texts: `name:digest` for each that it has, and no salt. */
export const erasureOf = (entry: StoredEntry): string[] =>
  Object.entries(digestsOf(entry, typeof entry.salt === "string" ? entry.salt : newSalt()))
    .map(([name, digest]) => `${name}:${digest}`)
    .sort();

export const isErased = (entry: StoredEntry): boolean => "erased" in entry || "erasedBy" in entry;

const KEPT_DIGEST = new RegExp(`^(${ERASABLE.join("|")}):[0-9a-f]{64}$`);

/** Whether texts and salt are gone, and their digests stand there in the one way that `erasureOf` writes them. */
export function isWhollyErased(entry: StoredEntry): boolean {
  const { erased, erasedBy } = entry;
  if (!Array.isArray(erased) || typeof erasedBy !== "string") return false;
  const kept = erased.map(String);
  const names = new Set(kept.map((each) => each.split(":")[0]));
  return (
    ![...ERASABLE, "salt"].some((name) => name in entry) &&
    kept.every((each) => KEPT_DIGEST.test(each)) &&
    names.size === kept.length &&
    kept.join() === kept.toSorted().join()
  );
}
