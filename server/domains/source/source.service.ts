import { z } from "zod";
import { RELIABILITIES, SOURCE_STATUSES } from "../../../graph-schema/nodes/source.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Instant } from "../../../graph-schema/time.js";
import { defineCommand, type CommandContext, type DomainEvent } from "../../commands/command.js";
import { httpUrl, instant, nodeId, text } from "../../commands/input.js";
import { lockAll, lockMerged } from "../../commands/locking.js";
import { openEdge } from "../../graph/edge.js";
import { TIMEOUT_MS } from "../../graph/graph.js";
import { refuse } from "../../commands/problem.js";
import { mergeNode, presentNode, reviseNode } from "../../graph/life.js";
import type { NodeOf } from "../../graph/projection.js";
import { readSettings } from "../../reads/governance/governance.query.js";
import { tierOf } from "../../reads/governance/settings.js";
import { comeBack, holdIncidents, openCorrections } from "../correction/fall.service.js";
import { independenceGroupOf, normalizeUrl } from "./source-url.js";

type SourceStatus = (typeof SOURCE_STATUSES)[number];

/**
 * Registers a source under its normalised URL, or gives the one that stands a new version where the input says otherwise.
 * Fields left out keep what stands; on a new source they default to the tier that the studio set for its domain (3 for all others), reliability F, ACTIVE, and the registrable domain as group.
 */
export const registerSource = defineCommand({
  name: "registerSource",
  capability: "evidence.write",
  timeoutMs: TIMEOUT_MS.bulk,
  input: z.object({
    url: httpUrl,
    title: text(500),
    publisher: text(300).nullish(),
    byline: text(300).nullish(),
    excerpt: text(500).nullish(),
    tier: z.int().min(1).max(3).nullish(),
    reliability: z.enum(RELIABILITIES).nullish(),
    publishedAt: instant.nullish(),
    retrievedAt: instant.nullish(),
    independenceGroup: text(200).nullish(),
    status: z.enum(SOURCE_STATUSES).nullish(),
    citesIds: z.array(nodeId("Source")).max(500).nullish(),
  }),
  async run(context, input) {
    const { tx, operationId, newId, caller } = context;
    const url = normalizeUrl(input.url);
    const cited = input.citesIds ?? [];
    const { at: before } = await lockAll(tx, cited, "citesIds");
    const given = {
      title: input.title,
      publisher: input.publisher ?? undefined,
      byline: input.byline ?? undefined,
      excerpt: input.excerpt ?? undefined,
      tier: input.tier ?? undefined,
      reliability: input.reliability ?? undefined,
      publishedAt: input.publishedAt ?? undefined,
      retrievedAt: input.retrievedAt ?? undefined,
      independenceGroup: input.independenceGroup ?? undefined,
      status: input.status ?? undefined,
    };
    const merged = await mergeNode(
      tx,
      { label: "Source", id: newId() },
      url,
      {
        url,
        title: input.title,
        publisher: input.publisher ?? null,
        byline: input.byline ?? null,
        excerpt: input.excerpt ?? null,
        tier: input.tier ?? tierOf((await readSettings(tx)).settings, independenceGroupOf(url)),
        reliability: input.reliability ?? "F",
        publishedAt: input.publishedAt ?? null,
        retrievedAt: input.retrievedAt ?? before,
        independenceGroup: input.independenceGroup ?? independenceGroupOf(url),
        status: input.status ?? "ACTIVE",
      },
      { at: before, operationId },
    );
    const held = await lockMerged(tx, "Source", merged, before);
    const id = `Source:${merged.id}`;
    const present = merged.created ? null : (await presentNode(tx, "Source", merged.id))!;
    // The demo studio records what it dealt with long ago.
    const judged = caller.internal === "seed" ? null : present;
    if (judged !== null) mayBecome(judged.status, given.status);
    const turned = judged === null ? { at: held, events: [] } : await turn(context, judged, given.status, held);
    const { at } = turned;
    const stamp = { at, operationId };
    const events: DomainEvent[] = merged.created ? [{ type: "source.registered", subject: id, data: { url } }] : [];
    events.push(...turned.events);
    let changed = present !== null && (await reviseNode(tx, present, given, newId(), stamp));
    for (const to of cited) {
      const opened = await openEdge(tx, { type: "CITES", from: parseNodeId(id)!, to }, stamp);
      changed ||= opened && !merged.created;
    }
    if (changed) events.push({ type: "source.revised", subject: id, data: { url } });
    return { result: { sourceId: id }, at, events };
  },
});

/**
 * What a change of a source's status means for what is live: it gets its correction tasks where the source got worse, and they are
 * told of where it can be relied on again. Its claims are as they were: whoever asks about them sees the source's status.
 */
async function turn(
  context: CommandContext,
  source: NodeOf<"Source">,
  wanted: SourceStatus | undefined,
  before: Instant,
): Promise<{ at: Instant; events: readonly DomainEvent[] }> {
  if (wanted === undefined || wanted === source.status) return { at: before, events: [] };
  const because = `The source “${source.title}” was registered as ${wanted}: ${context.reason}`;
  if (wanted === "ACTIVE") return { ...(await comeBack(context, source, because, before)), events: [] };
  if (SOURCE_STATUSES.indexOf(wanted) < SOURCE_STATUSES.indexOf(source.status)) return { at: before, events: [] };
  const held = await holdIncidents(context, [source.ulid]);
  const at = Math.max(before, held.at);
  const stamp = { at, operationId: context.operationId };
  const { events } = await openCorrections(context, { source, cause: wanted, because }, held, stamp);
  return { at, events };
}

/** To retract what stands needs the approval of others, and what is retracted stays so; a new source may be known as retracted. */
function mayBecome(present: SourceStatus, wanted: SourceStatus | undefined): void {
  if (wanted === undefined || wanted === present) return;
  if (present === "RETRACTED")
    throw refuse(
      "CONFLICT",
      "status",
      "The source is retracted, and stays so; register its successor and supersede it.",
    );
  if (wanted === "RETRACTED")
    throw refuse("NEEDS_APPROVAL", "status", "Retracting a source can't be taken back: propose it by `retractSource`.");
}
