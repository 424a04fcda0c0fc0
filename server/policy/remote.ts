import { z } from "zod";
import { errorMessage } from "../errors.js";
import { denial, type Policy } from "./decision.js";
import { policyDecision } from "./input.js";
import { unavailableCount } from "./metrics.js";
import type { PolicyLog } from "./wasm.js";

/** A decision is waited for inside of a write transaction, so not for long. */
export const REMOTE_TIMEOUT_MS = 500;

const answer = z.object({ result: policyDecision });

/** The policy as an OPA server elsewhere decides it. No answer, a late one and one that can't be read are denials. */
export function remotePolicy(base: string, log?: PolicyLog): Policy {
  const url = new URL("v1/data/throughline/decision", base.endsWith("/") ? base : `${base}/`);
  const hash = `remote ${url.host}`;
  return {
    hash,
    async decide(input) {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ input }),
          redirect: "error",
          signal: AbortSignal.timeout(REMOTE_TIMEOUT_MS),
        });
        if (!response.ok) throw new Error(`it answered ${response.status}`);
        return answer.parse(await response.json()).result;
      } catch (error) {
        unavailableCount.inc();
        log?.error({ reason: errorMessage(error), policy: hash }, "the remote policy didn't decide; denied");
        return denial("policy-unavailable");
      }
    },
  };
}
