import type { FastifyInstance, FastifyReply } from "fastify";
import type { Logger } from "pino";
import type { LimitsConfig } from "../config.js";
import { DomainError } from "../errors.js";
import type { Graph } from "../graph/graph.js";
import { createGate } from "./gate.js";
import { STREAM_URL } from "./live.js";
import { createQuota } from "./quota.js";
import { createTokenBucket } from "./token-bucket.js";

/** What costs next to nothing, or must be answered however busy it is: health and the page's files. Every other address is limited. */
const FREE: readonly (string | undefined)[] = ["/healthz", "/readyz", "/metrics", "/", "/*", "/assets/*"];

/** Nobody waits longer for a place; a client would have given up by then. */
const PATIENCE_MS = 10_000;

/** The wait that is told to whoever found no place: others leave all the time. */
const CROWD_MS = 1_000;

/**
 * Keeps each tenant to its rate, its places and its day, so that one studio's loop isn't another's outage. Whoever has no
 * valid token counts by the address they come from.
 */
export function limitTenants(
  app: FastifyInstance,
  { config, graph, log }: { config: LimitsConfig; graph: Graph; log: Logger },
): void {
  const bucket = createTokenBucket({ perSecond: config.ratePerSecond, burst: config.burst });
  const gate = createGate({ inside: config.concurrency, waiting: config.queue, patienceMs: PATIENCE_MS });
  const quota = createQuota({ graph, perDay: config.requestsPerDay, log });
  app.addHook("onClose", () => quota.close());

  app.addHook("onRequest", async (request, reply) => {
    if (FREE.includes(request.routeOptions.url)) return;
    const tenantId = request.caller?.tenantId;
    const key = tenantId ?? `address ${request.ip}`;
    const wait = bucket(key);
    if (wait > 0) throw tooMuch(reply, wait, `at most ${config.ratePerSecond} requests a second`);
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const isStream = request.routeOptions.url === STREAM_URL;
    const leave = await gate.enter(key, gone.signal);
    if (leave === null)
      throw tooMuch(reply, CROWD_MS, `at most ${config.concurrency} requests at once, and ${config.queue} waiting`);
    // The answer's end, or the caller's: whichever it is, the place is free.
    // A stream stays for hours, and has places of its own.
    if (gone.signal.aborted || isStream) leave();
    else gone.signal.addEventListener("abort", leave);
    if (tenantId !== undefined && !quota.take(tenantId))
      throw tooMuch(reply, quota.untilTomorrow(), `at most ${config.requestsPerDay} requests a day (UTC)`);
  });
}

function tooMuch(reply: FastifyReply, waitMs: number, bound: string): DomainError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  reply.header("retry-after", String(seconds));
  return new DomainError("RATE_LIMITED", `That is too much at a time: ${bound}. Try again in ${seconds} s.`);
}
