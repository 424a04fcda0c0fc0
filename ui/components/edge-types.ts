import type { EdgeType } from "../gql/graphql.js";

/** `structure`: how the thing is built; `context`: where it comes from, followed only when asked for. */
export type EdgeStyle = "support" | "contradiction" | "considered" | "structure" | "context";

interface EdgeFace {
  readonly style: EdgeStyle;
  /** Read along the arrow: Claim "is supported by" Fact. */
  readonly along: string;
  /** Read against it: Fact "supports" Claim. */
  readonly against: string;
}

export const EDGE_FACES = {
  HAS_SCENE: { style: "structure", along: "has scene", against: "is a scene of" },
  STATES: { style: "structure", along: "states", against: "is stated in" },
  SUPPORTED_BY: { style: "support", along: "is supported by", against: "supports" },
  CONTRADICTED_BY: { style: "contradiction", along: "is contradicted by", against: "contradicts" },
  CONSIDERED: { style: "considered", along: "considered", against: "was considered for" },
  QUOTED_FROM: { style: "structure", along: "is quoted from", against: "is quoted in" },
  CAPTURED_FROM: { style: "structure", along: "was captured from", against: "was captured as" },
  CITES: { style: "structure", along: "cites", against: "is cited by" },
  DERIVED_FROM: { style: "structure", along: "is derived from", against: "gave rise to" },
  PRODUCED_BY: { style: "context", along: "was produced by", against: "produced" },
  USES: { style: "context", along: "uses", against: "is used by" },
  ABOUT: { style: "context", along: "is about", against: "is the subject of" },
  CONFLICTS_WITH: { style: "context", along: "conflicts with", against: "conflicts with" },
  PICKS: { style: "context", along: "picks", against: "is picked by" },
  REPLACES: { style: "context", along: "replaces", against: "is replaced by" },
  SUPERSEDED_BY: { style: "context", along: "is superseded by", against: "supersedes" },
  BASED_ON: { style: "context", along: "is based on", against: "is a basis of" },
  AFFECTS: { style: "context", along: "affects", against: "is affected by" },
  CORRECTS: { style: "context", along: "corrects", against: "is corrected by" },
  VARIES: { style: "context", along: "varies", against: "is varied by" },
} as const satisfies Record<EdgeType, EdgeFace>;

export const EDGE_TYPES = Object.keys(EDGE_FACES) as EdgeType[];
export const CONTEXT_EDGES = EDGE_TYPES.filter((type) => EDGE_FACES[type].style === "context");
/** What lineage follows unasked. */
export const EVIDENCE_EDGES = EDGE_TYPES.filter((type) => EDGE_FACES[type].style !== "context");
