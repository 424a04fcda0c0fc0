import type { ProposalAction } from "../../gql/graphql.js";

const ACTIONS: Record<ProposalAction, string> = {
  publishEpisode: "Publish",
  correctEpisode: "Correct",
  retractEpisode: "Retract",
  retractSource: "Retract the source",
  grantExemption: "Exempt",
  setGovernance: "Set the rules of governance of",
  eraseTenant: "Erase",
};

/** The action as a verb before its subject. */
export const actionOf = (action: ProposalAction): string => ACTIONS[action];
