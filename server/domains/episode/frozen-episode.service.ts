import type { NodeId } from "../../../graph-schema/node-id.js";
import type { Reader } from "../../commands/judge.js";
import { refuse } from "../../commands/problem.js";
import { readGovernance } from "../../reads/governance/governance.js";
import { tellFinding } from "../../reads/governance/rules.js";
import { freezeNode, type FrozenItem } from "../proposal/content.js";
import { readEvidence } from "./episode.repository.js";

/** More evidence than this can't be published: nobody could have looked at it. */
const MOST_ITEMS = 5_000;
/** Obstacles that are told one by one. */
const MOST_TOLD = 20;

/** The episode with all that it stands on, as it is now; empty when there is no such episode. Its own status doesn't count: proposing changes it. */
export async function freezeEpisode(reader: Reader, id: string): Promise<FrozenItem[]> {
  const rows = await readEvidence(reader, id, MOST_ITEMS + 1);
  if (rows.length > MOST_ITEMS)
    throw refuse("CONFLICT", "subjectId", `The episode stands on more than ${MOST_ITEMS} nodes; split it.`);
  return rows.map(({ node, edges }) =>
    freezeNode(
      node,
      edges.map(([type, to, basis]) => ({ type, to, basis })),
      node.label === "Episode" ? ["status", "publishedAt"] : [],
    ),
  );
}

const quoted = ({ title }: FrozenItem): string => `“${title}”`;
const isA = (label: string) => (item: FrozenItem) => item.id.startsWith(`${label}:`);

/**
 * What is wrong with the episode as something to publish; empty when nothing is. In the transaction that publishes all that this
 * rests on is locked: the items, and the tenant, whose settings count.
 */
export async function obstaclesOf(reader: Reader, { id }: NodeId, items: readonly FrozenItem[]): Promise<string[]> {
  const claims = items.filter(isA("Claim"));
  const governance = await readGovernance(reader, id);
  const found = [
    ...(items.some(isA("Scene")) ? [] : ["It has no scenes."]),
    ...claims
      .filter(({ properties }) => properties.status === "WRONG")
      .map((claim) => `The claim ${quoted(claim)} is known to be wrong.`),
    ...(governance?.findings ?? []).map((finding) => `${finding.code}: ${tellFinding(finding)}`),
  ];
  return found.length <= MOST_TOLD
    ? found
    : [...found.slice(0, MOST_TOLD), `And ${found.length - MOST_TOLD} things more.`];
}
