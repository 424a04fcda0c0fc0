import { z } from "zod";
import { FACT_KINDS } from "../../../graph-schema/nodes/fact.js";
import { defineCommand } from "../../commands/command.js";
import { day, nodeId, text, verbatim } from "../../commands/input.js";
import { lockAll, lockMerged } from "../../commands/locking.js";
import { refuse } from "../../commands/problem.js";
import { openEdge } from "../../graph/edge.js";
import { mergeNode } from "../../graph/life.js";
import { snapshotTextInTransaction } from "../snapshot/snapshot.service.js";
import { factKey, findQuote } from "./quote.js";

/**
 * Takes a fact out of a snapshot. Its quote must stand in the snapshot's text, prefix and suffix included. The same quote of
 * the same snapshot is the same fact. Without a statement the quote says it.
 */
export const extractFact = defineCommand({
  name: "extractFact",
  capability: "evidence.write",
  input: z
    .object({
      snapshotId: nodeId("Snapshot"),
      kind: z.enum(FACT_KINDS).nullish(),
      quote: z.object({
        prefix: verbatim(1_000).nullish(),
        exact: verbatim().refine((value) => value.trim().length > 0, "must not be empty"),
        suffix: verbatim(1_000).nullish(),
      }),
      statement: text().nullish(),
      value: z.number().nullish(),
      unit: text(50).nullish(),
      asOfDate: day.nullish(),
      derivedFromIds: z.array(nodeId("Fact")).max(100).nullish(),
    })
    .refine((input) => input.kind !== "DATA_POINT" || typeof input.value === "number", {
      path: ["value"],
      message: "a data point needs its number",
    }),
  async run({ tx, operationId, newId }, input) {
    const derivedFrom = input.derivedFromIds ?? [];
    const { at: before } = await lockAll(
      tx,
      [input.snapshotId, ...derivedFrom],
      ["snapshotId", ...derivedFrom.map((_, i) => `derivedFromIds.${i}`)],
    );
    const quote = { prefix: input.quote.prefix ?? "", exact: input.quote.exact, suffix: input.quote.suffix ?? "" };
    const snapshot = await snapshotTextInTransaction(tx, input.snapshotId.id);
    if (snapshot === undefined || findQuote(snapshot.text, quote) === -1) {
      throw refuse(
        "QUOTE_NOT_FOUND",
        "quote",
        "These words don't stand in the snapshot's text with this prefix and suffix; copy them from `Snapshot.text`.",
      );
    }
    const merged = await mergeNode(
      tx,
      { label: "Fact", id: newId() },
      factKey(snapshot.key, quote),
      {
        title: input.statement ?? quote.exact.trim(),
        kind: input.kind ?? (typeof input.value === "number" ? "DATA_POINT" : "KEY_FACT"),
        quotePrefix: quote.prefix,
        quoteExact: quote.exact,
        quoteSuffix: quote.suffix,
        value: input.value ?? null,
        unit: input.unit ?? null,
        asOfDate: input.asOfDate ?? null,
      },
      { at: before, operationId },
    );
    const at = await lockMerged(tx, "Fact", merged, before);
    const stamp = { at, operationId };
    const from = { label: "Fact", id: merged.id } as const;
    if (merged.created) await openEdge(tx, { type: "QUOTED_FROM", from, to: input.snapshotId }, stamp);
    for (const to of derivedFrom) await openEdge(tx, { type: "DERIVED_FROM", from, to }, stamp);
    const id = `Fact:${merged.id}`;
    return {
      result: { factId: id },
      at,
      events: merged.created ? [{ type: "fact.extracted", subject: id, data: {} }] : [],
    };
  },
});
