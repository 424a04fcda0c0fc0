import type { Reader } from "../../commands/judge.js";
import type { Graph, Scope } from "../../graph/graph.js";
import { actionOf } from "./actions.js";
import { differenceOf, itemsOf, sealContent, type Difference } from "./content.js";
import { readContent, readLastApproval, readTies } from "./proposal.repository.js";
import type { Proposal } from "./standing.service.js";

/** What a difference counts from. */
export const DIFFERENCE_BASES = ["LAST_APPROVAL", "PROPOSED"] as const;
export type DifferenceBase = (typeof DIFFERENCE_BASES)[number];

/** What a proposal would act on as it is now; every answer is of this moment, whatever instant the proposal was read for. */
export interface Present {
  /** True when it isn't what was proposed any more. */
  readonly stale: boolean;
  /** What would keep it from being carried out, whoever approved. */
  readonly obstacles: readonly string[];
  /** What became of it since; null when nothing was approved yet. */
  difference(since: DifferenceBase): Promise<(Difference & { readonly contentHash: string }) | null>;
}

export async function readPresent(graph: Graph, scope: Scope, proposal: Proposal): Promise<Present> {
  const reader: Reader = { tenantId: scope.tenantId, run: (query, params) => graph.read(scope, query, params) };
  const ties = await readTies(reader, proposal.ulid);
  if (ties === undefined) throw new Error(`${proposal.id} proposes nothing`);
  const { subject } = ties;
  const action = actionOf(proposal.action);
  const items = await action.freeze(reader, subject);
  const { hash } = sealContent({
    action: proposal.action,
    subjectId: `${subject.label}:${subject.id}`,
    arguments: JSON.parse(proposal.arguments) as Record<string, unknown>,
    items,
  });
  const open = proposal.status === "OPEN";
  return {
    stale: open && hash !== proposal.contentHash,
    obstacles: open ? ((await action.obstacles?.(reader, subject, items)) ?? []) : [],
    async difference(since) {
      const base =
        since === "PROPOSED" ? proposal.contentHash : (await readLastApproval(reader, proposal.ulid))?.contentHash;
      const text = base === undefined ? undefined : await readContent(reader, base);
      return base === undefined || text === undefined
        ? null
        : { ...differenceOf(itemsOf(text), items), contentHash: base };
    },
  };
}
