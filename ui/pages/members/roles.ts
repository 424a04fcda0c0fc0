/** Those that an administrator of a studio can give; the platform's own aren't among them. A test compares with the server's list. */
export const ROLES = [
  "tenant-admin",
  "editor",
  "analyst",
  "planner",
  "executive",
  "operator",
  "approver",
  "auditor",
  "agent",
] as const;
