import { readFileSync } from "node:fs";
import type { Config } from "../config.js";
import type { Policy } from "./decision.js";
import { remotePolicy } from "./remote.js";
import { shadowedPolicy } from "./shadow.js";
import { compiledPolicy, openPolicy, type PolicyLog } from "./wasm.js";

/** The policy of this installation: ours in process or an OPA server's, with a candidate beside it where one is named. */
export function loadPolicy({ policy: { url, shadow } }: Pick<Config, "policy">, log?: PolicyLog): Policy {
  const inForce = url === null ? compiledPolicy(log) : remotePolicy(url, log);
  if (shadow === null) return inForce;
  const candidate = "url" in shadow ? remotePolicy(shadow.url, log) : openPolicy(readFileSync(shadow.path), log);
  return shadowedPolicy(inForce, candidate, log);
}
