import type { EdgeType } from "../../graph-schema/catalog.js";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { CLAIM_STATUSES } from "../../graph-schema/nodes/claim.js";
import { LIVE_STATUSES, type EpisodeStatus } from "../../graph-schema/nodes/episode.js";
import { DomainError } from "../errors.js";
import type { Graph, Scope } from "../graph/graph.js";
import type { AnyNode, NodeOf } from "../graph/projection.js";
import { readLineage, type Direction } from "../reads/lineage/lineage.query.js";
import { nodesById } from "../reads/node/node.query.js";
import { iso } from "./properties.js";
import { EXPORT_LIMITS, rootOf, type WholeLineage } from "./whole-lineage.js";

/*
 * Claims as schema.org's ClaimReview. It says what the graph says and no more: nobody here decides that a claim is true, so no
 * claim is rated so; only what was found wrong has a rating. What speaks against a claim is cited beside what supports it.
 */

const RATINGS = {
  STATED: { alternateName: "Stated, not rated" },
  NEEDS_RECHECK: { alternateName: "Needs a check, not rated" },
  WRONG: { ratingValue: 1, worstRating: 1, bestRating: 5, alternateName: "False" },
} as const satisfies Record<(typeof CLAIM_STATUSES)[number], object>;

const STANCES: Partial<Record<EdgeType, string>> = {
  SUPPORTED_BY: "Supports the claim.",
  CONTRADICTED_BY: "Speaks against the claim.",
};

/** Who reads the graph for it, and where its pages are. */
export interface ReviewOffice {
  readonly graph: Graph;
  readonly scope: Scope;
  /** Such as `https://studio.example`. */
  readonly publicUrl: string;
}

/** Judges before the first word that there are claims, and few enough. */
export async function toClaimReview(lineage: WholeLineage, office: ReviewOffice): Promise<AsyncGenerator<string>> {
  const root = rootOf(lineage);
  let claims = 0;
  for await (const page of claimsOf(lineage)) claims += page.length;
  const { depth } = lineage.question;
  if (claims === 0)
    throw DomainError.badInput(
      "depth",
      `There is no claim within ${depth} ${depth === 1 ? "hop" : "hops"} of ${root}: ask for more of them, or begin at a claim. (An episode's claims are 2 hops upstream, a source's 3 downstream.)`,
    );
  if (claims > EXPORT_LIMITS.claims)
    throw new DomainError(
      "BAD_INPUT",
      `${claims} claims are more than a ClaimReview file may hold (${EXPORT_LIMITS.claims}), and none is left out: ask for fewer hops, or begin nearer to them. Nothing was written.`,
    );
  const id = { label: "Tenant", id: lineage.tenantId } as const;
  const studio = (await nodesById(office.graph, office.scope, [id], lineage.asOf)).get(`Tenant:${lineage.tenantId}`);
  const author = { "@type": "Organization", name: studio?.title ?? lineage.tenantId };
  return reviews(lineage, office, author, claims === 1 && root.startsWith("Claim:"));
}

async function* claimsOf(lineage: WholeLineage): AsyncGenerator<NodeOf<"Claim">[]> {
  for await (const { nodes } of lineage.pages()) yield nodes.filter((node) => node.label === "Claim");
}

async function* reviews(
  lineage: WholeLineage,
  office: ReviewOffice,
  author: object,
  alone: boolean,
): AsyncGenerator<string> {
  const context = { "@context": "https://schema.org" };
  if (!alone) yield '{"@context":"https://schema.org","@graph":[';
  let comma = "";
  for await (const page of claimsOf(lineage)) {
    for (const claim of page) {
      const review = await reviewOf(claim, lineage, office, author);
      yield `${comma}\n${forHtml(alone ? { ...context, ...review } : review)}`;
      comma = ",";
    }
  }
  yield alone ? "\n" : "\n]}\n";
}

/** Such a document is meant to stand in a page's script, which no text in it may end. */
const forHtml = (value: object): string =>
  JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

async function reviewOf(claim: NodeOf<"Claim">, { asOf }: WholeLineage, office: ReviewOffice, author: object) {
  const appearance = await appearancesOf(claim, asOf, office);
  const citation = await citationsOf(claim, asOf, office);
  const { recheckBy } = claim;
  return {
    "@type": "ClaimReview",
    identifier: claim.id,
    url: `${office.publicUrl}/lineage/${claim.id}?asOf=${iso(asOf)}`,
    author,
    datePublished: iso(claim.versionFrom),
    ...(recheckBy === null ? {} : { expires: iso(recheckBy) }),
    claimReviewed: claim.title,
    itemReviewed: {
      "@type": "Claim",
      text: claim.title,
      ...(appearance.length === 0 ? {} : { appearance }),
    },
    reviewRating: { "@type": "Rating", ...RATINGS[claim.status] },
    ...(citation.length === 0 ? {} : { citation }),
  };
}

/** One question around a claim, whole or not at all. */
async function around(
  claim: AnyNode,
  asOf: number,
  { graph, scope }: ReviewOffice,
  question: { direction: Direction; depth: number; edgeTypes: readonly EdgeType[] },
) {
  const first = 5_000;
  const answer = await readLineage(graph, scope, {
    root: parseNodeId(claim.id)!,
    ...question,
    asOf,
    skip: 0,
    first,
    counted: false,
  });
  if (answer === null || !answer.totalIsExact || answer.total > first)
    throw new DomainError("BAD_INPUT", `${claim.id} has more evidence than a review may cite (${first} nodes).`);
  const nodes = new Map(answer.nodes.map((node) => [node.id, node]));
  const next = (id: string, type: EdgeType): AnyNode | undefined =>
    nodes.get(answer.edges.find((edge) => edge.from === id && edge.type === type)?.to ?? "");
  return { nodes: [...answer.nodes], edges: answer.edges, nodeOf: (id: string) => nodes.get(id), next };
}

/** Where the public can see it: episodes that are live at the instant, and no draft. */
async function appearancesOf(claim: AnyNode, asOf: number, office: ReviewOffice) {
  const question = { direction: "DOWNSTREAM", depth: 2, edgeTypes: ["HAS_SCENE", "STATES"] } as const;
  const { nodes } = await around(claim, asOf, office, question);
  const live: readonly EpisodeStatus[] = LIVE_STATUSES;
  return nodes.flatMap((node) =>
    node.label === "Episode" && live.includes(node.status)
      ? [
          {
            "@type": "CreativeWork",
            identifier: node.id,
            name: node.title,
            ...(node.publishedAt === null ? {} : { datePublished: iso(node.publishedAt) }),
          },
        ]
      : [],
  );
}

async function citationsOf(claim: AnyNode, asOf: number, office: ReviewOffice) {
  const edgeTypes = ["CAPTURED_FROM", "CONTRADICTED_BY", "QUOTED_FROM", "SUPPORTED_BY"] as const;
  const { edges, nodeOf, next } = await around(claim, asOf, office, { direction: "UPSTREAM", depth: 3, edgeTypes });
  const bearing = edges.filter(({ from, type }) => from === claim.id && type in STANCES);
  return bearing
    .toSorted((a, b) => (`${a.to} ${a.type}` < `${b.to} ${b.type}` ? -1 : 1))
    .flatMap(({ type, to }) => {
      const fact = nodeOf(to);
      if (fact?.label !== "Fact") return [];
      const snapshot = next(to, "QUOTED_FROM");
      const source = snapshot && next(snapshot.id, "CAPTURED_FROM");
      return [
        {
          "@type": "Quotation",
          identifier: fact.id,
          name: fact.title,
          text: fact.quoteExact,
          description: STANCES[type],
          ...(source?.label === "Source" ? { isPartOf: pageOf(source) } : {}),
        },
      ];
    });
}

const pageOf = (source: NodeOf<"Source">) => ({
  "@type": "WebPage",
  identifier: source.id,
  name: source.title,
  ...(/^https?:\/\//i.test(source.url) ? { url: source.url } : {}),
  ...(source.publisher === null ? {} : { publisher: { "@type": "Organization", name: source.publisher } }),
  ...(source.publishedAt === null ? {} : { datePublished: iso(source.publishedAt) }),
  // A source that was withdrawn is cited as such.
  ...(source.status === "ACTIVE" ? {} : { creativeWorkStatus: source.status }),
});
