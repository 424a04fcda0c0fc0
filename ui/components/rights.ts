/** What the pages of governance ask for, and the roles whose people the policy lets do it; a test compares with the policy. */
export const ROLES_THAT_MAY = {
  "proposal.write": ["platform-admin", "tenant-admin", "editor", "analyst", "planner", "agent"],
  "episode.publish": ["tenant-admin", "editor"],
  "proposal.decide": ["platform-admin", "tenant-admin", "approver"],
  "claim.write": ["tenant-admin", "editor", "analyst", "agent"],
  "evidence.write": ["tenant-admin", "editor", "analyst", "agent"],
  "source.retract": ["tenant-admin", "editor", "analyst"],
  "decision.write": ["tenant-admin", "editor", "approver"],
  "view.write": ["tenant-admin", "editor", "analyst", "planner", "executive", "operator", "approver", "auditor"],
  export: ["tenant-admin", "editor", "analyst", "planner", "executive", "auditor"],
  "run.start": ["tenant-admin", "editor", "planner", "operator"],
  "exemption.write": ["tenant-admin"],
  "switch.write": ["platform-admin", "tenant-admin", "operator"],
  "principal.write": ["platform-admin", "tenant-admin"],
  "token.write": ["tenant-admin"],
  "audit.read": ["platform-admin", "tenant-admin", "operator", "auditor"],
  "policy.test": ["platform-admin", "tenant-admin", "operator", "auditor"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Right = keyof typeof ROLES_THAT_MAY;

/** The server decides anew each time; this only spares people a button that it would refuse. */
export const rolesMay = (roles: readonly string[], right: Right): boolean =>
  roles.some((role) => (ROLES_THAT_MAY[right] as readonly string[]).includes(role));

export const whoMay = (right: Right): string => ROLES_THAT_MAY[right].filter((role) => role !== "agent").join(", ");
