import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createHandler } from "graphql-sse/lib/use/fastify";
import { identityOf, type Caller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import type { Context } from "../graphql/context.js";
import { LIMITS } from "../graphql/limits.js";
import type { StreamRequest, Streamer, Told } from "../graphql/stream.js";
import { callerOf } from "./session.js";

export const STREAM_URL = "/graphql/stream";

const EVENT_STREAM = "text/event-stream";
/** Seconds after which somebody who found no place may try again. */
const CROWD_S = 30;
/** A reader who is slow is waited for, and looked at so often. */
const SLOW_MS = 100;

/** What failed of the graph and comes back: a stream goes on over it. */
const PASSING: readonly string[] = ["UNAVAILABLE", "TIMEOUT", "INTERNAL"];

interface LiveOptions {
  readonly streamer: Streamer;
  contextOf(request: FastifyRequest, reply: FastifyReply): Promise<Context>;
  /** Who calls by now: null once the session has ended or the rights are gone. */
  stillCalls(request: FastifyRequest): Promise<Caller | null>;
  /** How often that is asked of each stream. */
  readonly recheckMs: number;
}

/** Places of streams: so many for one principal, so many for a tenant. */
function createPlaces() {
  const taken = new Map<string, number>();
  const count = (key: string, change: number) => {
    const left = (taken.get(key) ?? 0) + change;
    if (left === 0) taken.delete(key);
    else taken.set(key, left);
  };
  return {
    /** Answers how to leave; null when all are taken. */
    enter(caller: Caller): (() => void) | null {
      const bounds = [
        [`tenant ${caller.tenantId}`, LIMITS.streams.tenant],
        [`principal ${caller.tenantId} ${identityOf(caller)}`, LIMITS.streams.principal],
      ] as const;
      if (bounds.some(([key, most]) => (taken.get(key) ?? 0) >= most)) return null;
      for (const [key] of bounds) count(key, 1);
      return () => {
        for (const [key] of bounds) count(key, -1);
      };
    },
  };
}

/** Why a stream ends that wasn't over: with a last word for whoever reads it, or without. */
interface Ending {
  readonly over: Promise<unknown>;
  end(error?: DomainError): void;
  readonly error: () => DomainError | undefined;
}

function createEnding(): Ending {
  let told: DomainError | undefined;
  let resolve!: (value: unknown) => void;
  const over = new Promise((done) => (resolve = done));
  return {
    over,
    end(error) {
      told ??= error;
      resolve(undefined);
    },
    error: () => told,
  };
}

/**
 * Subscriptions over Server-Sent Events, in the way of graphql-sse's distinct connections: who may ask, what a document may
 * ask and how errors are told is as at /graphql. A stream ends with its reader, with their session or rights, and when this
 * process stops; whoever comes back asks again for what they show.
 */
export function liveRoutes(app: FastifyInstance, options: LiveOptions): void {
  const { streamer, contextOf, stillCalls, recheckMs } = options;
  const places = createPlaces();
  const endings = new Map<FastifyRequest, Ending>();
  const contexts = new WeakMap<FastifyRequest, Context>();

  app.addHook("preClose", async () => {
    for (const ending of endings.values()) ending.end();
  });

  const handle = createHandler<Record<string, unknown>>({
    // Without a token there is one stream for each subscription, and nothing that outlives it.
    authenticate: () => null,
    async onSubscribe({ raw }, params) {
      const request = raw as FastifyRequest;
      const context = contexts.get(request)!;
      const begun = await streamer.begin(params as unknown as StreamRequest, context);
      if (!(Symbol.asyncIterator in begun)) return begun as never;
      return until(begun, endings.get(request)!, request, (error) => streamer.tell([error], context)) as never;
    },
  });

  app.route({
    url: STREAM_URL,
    method: ["GET", "POST"],
    handler: async (request, reply) => {
      const caller = callerOf(request);
      if (request.headers.accept?.includes(EVENT_STREAM) !== true)
        throw DomainError.badInput("Accept", `Ask for \`Accept: ${EVENT_STREAM}\`: this address answers streams.`);
      request.headers.accept = EVENT_STREAM;
      const leave = places.enter(caller);
      if (leave === null) {
        reply.header("retry-after", String(CROWD_S));
        const { principal, tenant } = LIMITS.streams;
        throw new DomainError(
          "RATE_LIMITED",
          `That is too much at a time: at most ${principal} streams for one principal and ${tenant} for a studio. Try again in ${CROWD_S} s.`,
        );
      }
      const ending = createEnding();
      endings.set(request, ending);
      reply.raw.once("close", () => ending.end());
      const watch = setInterval(() => void recheck(request, ending, stillCalls), recheckMs).unref();
      try {
        contexts.set(request, await contextOf(request, reply));
        await handle(request, reply);
      } finally {
        clearInterval(watch);
        endings.delete(request);
        leave();
      }
      return reply;
    },
  });
}

async function recheck(request: FastifyRequest, ending: Ending, stillCalls: LiveOptions["stillCalls"]): Promise<void> {
  try {
    if ((await stillCalls(request)) !== null) return;
    ending.end(new DomainError("UNAUTHENTICATED", "The session has ended: sign in again."));
  } catch (error) {
    if (error instanceof DomainError && !PASSING.includes(error.code)) return ending.end(error);
    request.log.warn({ err: error }, "what is left of a stream's rights can't be asked just now");
  }
}

/** What the source tells until it is over, or is ended; a slow reader is waited for, and gets what gathered meanwhile at once. */
async function* until(
  source: AsyncGenerator<Told, void, void>,
  ending: Ending,
  { raw }: FastifyRequest,
  tell: (error: DomainError) => Told,
): AsyncGenerator<Told, void, void> {
  const ended = ending.over.then(() => null);
  try {
    for (;;) {
      const next = await Promise.race([source.next(), ended]);
      if (next === null || next.done === true) break;
      yield next.value;
      while (raw.socket.writableLength > 0) {
        const waited = await Promise.race([new Promise((resolve) => setTimeout(resolve, SLOW_MS)), ended]);
        if (waited === null) break;
      }
    }
    const error = ending.error();
    if (error !== undefined) yield tell(error);
  } finally {
    // Not waited for: the source may be waiting itself, and ends with its listener.
    void source.return();
  }
}
