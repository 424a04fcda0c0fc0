import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Opa from "@open-policy-agent/opa-wasm";
import { z } from "zod";
import { denial, type Policy } from "./decision.js";
import { policyDecision } from "./input.js";
import { unavailableCount } from "./metrics.js";

// Its ES module leaves out what its types promise.
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as typeof Opa;

/** Where an engine tells what went wrong. */
export interface PolicyLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const answer = z.tuple([z.object({ result: policyDecision })]);

/** A compiled policy, in this process. Whatever fails on the way to an answer is a denial. */
export function openPolicy(wasm: Uint8Array, log?: PolicyLog): Policy {
  const hash = createHash("sha256").update(wasm).digest("hex");
  let engine: Opa.LoadedPolicy | undefined = loadPolicySync(wasm as Uint8Array<ArrayBuffer>);
  return {
    hash,
    decide(input) {
      try {
        engine ??= loadPolicySync(wasm as Uint8Array<ArrayBuffer>);
        return answer.parse(engine.evaluate(input, "throughline/decision"))[0].result;
      } catch (error) {
        // A trap may leave its memory torn: the next decision is made by a new instance.
        engine = undefined;
        unavailableCount.inc();
        log?.error({ err: error, policy: hash }, "the policy failed; denied");
        return denial("policy-unavailable");
      }
    },
  };
}

/** The policy of this version, from beside this file. Refuses one that isn't what its hash says. */
export function compiledPolicy(log?: PolicyLog, folder: string | URL = import.meta.dirname): Policy {
  const read = (name: string) => readFileSync(`${String(folder)}/${name}`);
  const policy = openPolicy(read("policy.wasm"), log);
  if (policy.hash !== read("policy.wasm.sha256").toString("utf8").trim())
    throw new Error("policy.wasm isn't the file that policy.wasm.sha256 names; build it anew: npm run policy");
  return policy;
}
