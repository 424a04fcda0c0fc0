import type { Graph } from "../graph/graph.js";
import {
  checkpointId,
  checkpointNotes,
  countUnsealed,
  readTree,
  sealedEntries,
  sealedHashes,
  strayEntries,
} from "./audit.query.js";
import type { StoredEntry } from "./leaf.js";
import { ERASURE, LogCheck } from "./log-check.js";
import { openCheckpoint, type Checkpoint } from "./note.js";

export interface Verification {
  /** True when every entry is as it was sealed, up to a checkpoint that was kept outside the database. */
  readonly ok: boolean;
  /** Entries from the beginning on that stand in their place; all of them when nothing is wrong. */
  readonly size: number;
  /** Root of the tree over these, base64. */
  readonly root: string;
  /** Entries that no checkpoint covers yet. */
  readonly unsealed: number;
  /** The first sequence that can't be relied on, counted from 0. */
  readonly firstBad: number | null;
  /** How many entries the checkpoint outside covers. */
  readonly anchored: number | null;
  /** What is wrong, in a sentence. */
  readonly problem: string | null;
}

/** What a log is held against, beside itself. */
export interface Outside {
  readonly publicKey: Buffer;
  /** Keys of the regions that the tenant may have come from. */
  readonly trusted?: readonly Buffer[] | undefined;
  /** The signed note that was kept outside the database; null says that there is none. */
  readonly note: string | null;
}

const PAGE = 1_000;
/** How often what looks wrong beside a moving tree is looked at again. */
const LOOKS = 5;

/** Reads a whole log, page by page, and says whether it is what was sealed. The sealer may go on meanwhile. */
export async function verifyTenant(graph: Graph, tenantId: string, outside: Outside): Promise<Verification> {
  const check = new LogCheck();
  const [tree = { size: 0, frontier: [], note: null }] = await graph.read({ tenantId }, readTree, {});
  const keys = [outside.publicKey, ...(outside.trusted ?? [])];
  const open = (note: string | null) => (note === null ? null : openCheckpoint(note, tenantId, ...keys));
  const [kept, head] = [open(outside.note), open(tree.note)];
  if (outside.note !== null && kept === null) check.fail(0, "the checkpoint outside isn't signed with this key");

  const given = [kept, head].filter((each) => each !== null && each.size > 0) as Checkpoint[];
  const signed = signedRoots(graph, tenantId, given, open, check);
  let next = await signed.next();
  for await (const entry of entriesOf(graph, tenantId, tree.size)) {
    check.add(entry);
    for (; !next.done && next.value.size === check.size; next = await signed.next()) check.meet(next.value);
    if (check.flaw !== null) break;
  }
  const found = check.size;
  if (found < tree.size) check.fail(found, `entry ${found} isn't there`);
  if (kept !== null && kept.size > tree.size)
    check.fail(found, `the log has ${found} entries, and the checkpoint outside tells of ${kept.size}`);
  if ((head?.size ?? 0) !== tree.size || tree.frontier.join() !== check.frontier.join())
    check.fail(check.sure, `nobody signed the tree of ${tree.size} entries as it stands`);
  if (await hasEntryBehind(graph, tenantId)) check.fail(found, "an entry stands behind the end of the tree");
  if (await hasStray(graph, tenantId)) check.fail(found, "an entry is neither sealed nor waiting to be");
  const [waiting = { unsealed: 0, erasures: [] }] = await graph.read({ tenantId }, countUnsealed, { erasure: ERASURE });
  check.checkErasures(waiting.erasures);

  const notAnchored = kept === null ? "not anchored: there is no checkpoint from outside the database" : null;
  return {
    ok: check.flaw === null && kept !== null,
    size: found,
    root: check.root.toString("base64"),
    unsealed: waiting.unsealed,
    firstBad: check.flaw?.sequence ?? null,
    anchored: kept?.size ?? null,
    problem: check.flaw?.problem ?? notAnchored,
  };
}

async function* entriesOf(graph: Graph, tenantId: string, size: number): AsyncGenerator<StoredEntry> {
  for (let from = 0; from < size;) {
    const rows = await graph.read({ tenantId }, sealedEntries, { from, limit: Math.min(PAGE, size - from) });
    for (const { entry } of rows) yield entry;
    if (rows.length === 0) return;
    from += rows.length;
  }
}

/** Signed roots in order of size: those given, and every one that the sealer ever left in the database. */
async function* signedRoots(
  graph: Graph,
  tenantId: string,
  given: readonly Checkpoint[],
  open: (note: string | null) => Checkpoint | null,
  check: LogCheck,
): AsyncGenerator<Checkpoint, undefined> {
  const others = given.toSorted((a, b) => a.size - b.size);
  for (let after: string | undefined = ""; after !== undefined;) {
    const rows: { id: string; note: string | null }[] = await graph.read({ tenantId }, checkpointNotes, {
      after,
      limit: PAGE,
    });
    for (const { id, note } of rows) {
      const stored = open(note);
      if (stored === null || id !== checkpointId(stored.size)) {
        check.fail(check.sure, `the stored checkpoint ${id} isn't one that was signed`);
        return;
      }
      while (others.length > 0 && others[0]!.size <= stored.size) yield others.shift()!;
      yield stored;
    }
    after = rows.length < PAGE ? undefined : rows.at(-1)?.id;
  }
  yield* others;
}

/** Whether an entry claims a place that the tree hasn't got yet. A sealer may be moving its end, so it must have stood still. */
async function hasEntryBehind(graph: Graph, tenantId: string): Promise<boolean> {
  const end = async () => (await graph.read({ tenantId }, readTree, {}))[0]?.size ?? 0;
  for (let look = 0, before = await end(); look < LOOKS; look++) {
    const behind = await graph.read({ tenantId }, sealedHashes, { from: before, limit: 1 });
    if (behind.length === 0) return false;
    const after = await end();
    if (after === before) return true;
    before = after;
  }
  return false;
}

/** Seen twice, as an entry that was sealed between two looks at it is no stray. */
async function hasStray(graph: Graph, tenantId: string): Promise<boolean> {
  const [first] = await graph.read({ tenantId }, strayEntries, {});
  if (first === undefined) return false;
  const [second] = await graph.read({ tenantId }, strayEntries, {});
  return second?.id === first.id;
}
