import type { Role } from "../../graph-schema/nodes/principal.js";
import type { Caller } from "./caller.js";

/** What a command may ask to be allowed. */
export const CAPABILITIES = [
  "evidence.write",
  "claim.write",
  "topic.write",
  "channel.write",
  "episode.write",
  "incident.write",
  "decision.write",
  "import",
  "tenant.create",
  "principal.write",
  "episode.seed-status",
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Default deny: a capability that isn't listed for a role isn't that role's. */
const ALLOWED: Readonly<Record<Role, readonly Capability[]>> = {
  "platform-admin": ["tenant.create", "principal.write"],
  "tenant-admin": [
    "evidence.write",
    "claim.write",
    "topic.write",
    "channel.write",
    "episode.write",
    "incident.write",
    "decision.write",
    "import",
    "principal.write",
  ],
  editor: ["evidence.write", "claim.write", "topic.write", "episode.write", "decision.write", "import"],
  analyst: ["evidence.write", "claim.write", "import"],
  planner: ["topic.write"],
  executive: [],
  operator: ["incident.write", "import"],
  approver: ["decision.write"],
  auditor: [],
  agent: ["evidence.write", "claim.write", "import"],
};

/** Setting a status without review or approval is the demo studio's alone: no role has it, so no token can. */
export function mayDo(caller: Caller, capability: Capability): boolean {
  if (capability === "episode.seed-status") return caller.internal === "seed";
  return caller.roles.some((role) => ALLOWED[role].includes(capability));
}
