import type { BadgeText } from "../../components/node-badges.js";
import type { RunState, StageState } from "../../gql/graphql.js";

export const RUN_BADGES: Readonly<Record<RunState, BadgeText>> = {
  RUNNING: { text: "Running", tone: "info" },
  WAITING: { text: "Waiting", tone: "warn" },
  DONE: { text: "Done", tone: "good" },
  BLOCKED: { text: "Blocked", tone: "bad" },
  FAILED: { text: "Failed", tone: "bad" },
  CANCELLED: { text: "Cancelled", tone: "neutral" },
};

export const STAGE_BADGES: Readonly<Record<StageState, BadgeText>> = {
  WAITING: { text: "Waiting", tone: "warn" },
  READY: { text: "Ready", tone: "info" },
  RUNNING: { text: "Running", tone: "info" },
  DONE: { text: "Done", tone: "good" },
  SKIPPED: { text: "Left out", tone: "neutral" },
  FAILED: { text: "Failed", tone: "bad" },
  CANCELLED: { text: "Cancelled", tone: "neutral" },
};

/** What whoever looks at a run in this state does next; null where there is nothing to do. */
export const NEXT_STEP: Readonly<Record<RunState, string | null>> = {
  RUNNING: null,
  WAITING: null,
  DONE: null,
  BLOCKED: "Mend what is named, then go on with it: the stage looks again, at things as they are then.",
  FAILED: "What went wrong stands with its try below. Go on with it to have that stage done anew.",
  CANCELLED: null,
};

/** What a stage waits for, for people. */
export const WAITS = { APPROVAL: "for an approval", CALLBACK: "for a callback" } as const;
