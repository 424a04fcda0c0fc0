import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createHandler } from "graphql-sse/lib/use/fastify";
import { identityOf, type Caller } from "../commands/caller.js";
import { DomainError } from "../errors.js";
import type { Context } from "../graphql/context.js";
import { LIMITS } from "../graphql/limits.js";
import type { Answers, StreamRequest, Streamer, Told } from "../graphql/stream.js";
import { callerOf } from "./session.js";

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

/** The end of a stream that wasn't over by itself: with a last word for whoever reads it, or without. */
class Ending {
  #ended = false;
  #error: DomainError | undefined;
  #wake = (): void => {};

  get error(): DomainError | undefined {
    return this.#error;
  }

  end(error?: DomainError): void {
    this.#error ??= error;
    this.#ended = true;
    this.#wake();
  }

  /** What comes of the promise, or null once it is ended. One waits at a time, and nothing of it stays behind. */
  wait<T>(promise: Promise<T>): Promise<T | null> {
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(null);
      promise.then(resolve, reject);
    });
  }
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
      if (!(Symbol.asyncIterator in begun)) return once(begun) as never;
      return until(begun, endings.get(request)!, request, (error) => streamer.tell([error], context)) as never;
    },
  });

  app.route({
    url: "/graphql/stream",
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
      const ending = new Ending();
      endings.set(request, ending);
      // The handler never hears that a reader who is gone has taken its last words.
      const gone = new Promise<void>((resolve) => reply.raw.once("close", resolve));
      void gone.then(() => ending.end());
      const watch = setInterval(() => void recheck(request, ending, stillCalls), recheckMs).unref();
      try {
        contexts.set(request, await contextOf(request, reply));
        await Promise.race([handle(request, reply), gone]);
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
  source: Answers,
  ending: Ending,
  { raw }: FastifyRequest,
  tell: (error: DomainError) => Told,
): AsyncGenerator<Told, void, void> {
  try {
    for (let next = await ending.wait(source.next()); next !== null && next.done !== true;) {
      yield next.value;
      while (raw.socket.writableLength > 0 && (await ending.wait(pause(SLOW_MS))) !== null);
      next = await ending.wait(source.next());
    }
    if (ending.error !== undefined) yield tell(ending.error);
  } finally {
    await source.return();
  }
}

/** A single answer as a stream of one: without data it would be taken for no answer at all. */
async function* once(told: Told): AsyncGenerator<Told, void, void> {
  yield told;
}

const pause = (ms: number): Promise<true> => new Promise((resolve) => setTimeout(resolve, ms, true));
