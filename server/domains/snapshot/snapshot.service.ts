import { z } from "zod";
import { SNAPSHOT_KINDS } from "../../../graph-schema/nodes/snapshot.js";
import { defineCommand } from "../../commands/command.js";
import { httpUrl, instant, nodeId, text, verbatim } from "../../commands/input.js";
import { lockAll } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { TIMEOUT_MS, type WriteTx } from "../../graph/graph.js";
import { mergeNode, presentNode } from "../../graph/life.js";
import { followCapture } from "./quote-gone.service.js";
import { attachBody, presentText } from "./snapshot.repository.js";
import { MAX_SNAPSHOT_BYTES, snapshotKey, snapshotText, snapshotTitle } from "./snapshot-text.js";

/**
 * Keeps what was read at a source. The same text of the same revision is the same snapshot. Text over 2 MB is cut, and the
 * snapshot says so (`cut`). A whole page that doesn't say any more what live episodes quote it for makes their claims need a
 * recheck, and opens correction tasks.
 */
export const captureSnapshot = defineCommand({
  name: "captureSnapshot",
  capability: "evidence.write",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    sourceId: nodeId("Source"),
    text: verbatim(MAX_SNAPSHOT_BYTES * 2).refine((value) => value.trim().length > 0, "must not be empty"),
    kind: z.enum(SNAPSHOT_KINDS),
    revision: text(200).nullish(),
    url: httpUrl.nullish(),
    mediaType: text(100).nullish(),
    capturedAt: instant.nullish(),
  }),
  async run(context, input) {
    const { tx, operationId, newId } = context;
    const { at: before } = await lockAll(tx, [input.sourceId], ["sourceId"]);
    const source = (await presentNode(tx, "Source", input.sourceId.id))!;
    const body = snapshotText(input.text);
    const revision = input.revision ?? null;
    const key = snapshotKey(source.url, revision, body.sha256);
    const read = { key, text: body.text, kind: input.kind, revision, cut: body.cut };
    const { at, events: gone } = await followCapture(context, source, read, before);
    const stamp = { at, operationId };
    const merged = await mergeNode(
      tx,
      { label: "Snapshot", id: newId() },
      key,
      {
        title: snapshotTitle(source.title, revision),
        url: input.url ?? source.url,
        revision,
        sha256: body.sha256,
        mediaType: input.mediaType ?? "text/plain",
        capturedAt: input.capturedAt ?? at,
        kind: input.kind,
        bytes: body.bytes,
        cut: body.cut,
      },
      stamp,
    );
    const id = `Snapshot:${merged.id}`;
    if (merged.created) {
      await attachBody(tx, { id: merged.id, sha256: body.sha256, text: body.text }, stamp);
      await openEdge(
        tx,
        { type: "CAPTURED_FROM", from: { label: "Snapshot", id: merged.id }, to: input.sourceId },
        stamp,
      );
    }
    const events = merged.created
      ? [{ type: "snapshot.captured", subject: id, data: { sourceId: source.id, sha256: body.sha256 } }]
      : [];
    return { result: { snapshotId: id }, at, events: [...events, ...gone] };
  },
});

/** A snapshot's natural key and text, for commands that decide on them. */
export const snapshotTextInTransaction = (
  tx: WriteTx,
  id: string,
): Promise<{ key: string; text: string } | undefined> => presentText(tx, id);
