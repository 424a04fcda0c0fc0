import type { ProposalAction } from "../../gql/graphql.js";

const ACTIONS: Record<ProposalAction, string> = {
  publishEpisode: "Publish",
  correctEpisode: "Correct",
  retractEpisode: "Retract",
  retractSource: "Retract the source",
  grantExemption: "Exempt",
  eraseTenant: "Erase",
};

/** The action as a verb before its subject. */
export const actionOf = (action: ProposalAction): string => ACTIONS[action];
