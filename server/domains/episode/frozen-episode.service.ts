import type { Reader } from "../../commands/judge.js";
import { refuse } from "../../commands/problem.js";
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

/** What is wrong with the episode as something to publish; empty when nothing is. */
export function obstaclesOf(items: readonly FrozenItem[]): string[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const ends = (item: FrozenItem, ...types: string[]) =>
    item.edges.filter(({ type }) => types.includes(type)).flatMap(({ to }) => byId.get(to) ?? []);
  const claims = items.filter(isA("Claim"));
  const found = [
    ...(items.some(isA("Scene")) ? [] : ["It has no scenes."]),
    ...claims.flatMap((claim) => {
      const support = ends(claim, "SUPPORTED_BY");
      return [
        ...(support.length === 0 ? [`No fact supports the claim ${quoted(claim)}.`] : []),
        ...(claim.properties.status === "WRONG" ? [`The claim ${quoted(claim)} is known to be wrong.`] : []),
        ...goneUnder(support, ends).map(
          (source) =>
            `The claim ${quoted(claim)} stands on ${quoted(source)}, which is ${String(source.properties.status)}.`,
        ),
      ];
    }),
  ];
  return found.length <= MOST_TOLD
    ? found
    : [...found.slice(0, MOST_TOLD), `And ${found.length - MOST_TOLD} things more.`];
}

/** Retracted and dead sources that the facts were taken from, or computed from. */
function goneUnder(
  facts: readonly FrozenItem[],
  ends: (item: FrozenItem, ...types: string[]) => FrozenItem[],
): FrozenItem[] {
  const seen = new Set<FrozenItem>(facts);
  // A set that grows while it is walked: DERIVED_FROM may be cyclic.
  for (const item of seen)
    for (const next of ends(item, "DERIVED_FROM", "QUOTED_FROM", "CAPTURED_FROM")) seen.add(next);
  return [...seen].filter(
    (item) => ["RETRACTED", "DEAD"].includes(String(item.properties.status)) && isA("Source")(item),
  );
}
