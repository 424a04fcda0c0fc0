import { createReadStream } from "node:fs";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { CliError, EXIT } from "./exit.js";
import type { Part } from "./row-file.js";

const count = z.number().int().nonnegative();
const counts = { read: count, created: count, updated: count, skipped: count, refused: count };
const problem = z.object({ code: z.string(), message: z.string(), path: z.unknown().optional() });

const answerShape = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), ...counts }),
  z.object({
    type: z.literal("refused"),
    line: count,
    id: z.string().nullable(),
    row: z.string(),
    problems: z.array(problem),
  }),
  z.object({ type: z.literal("change"), line: count, action: z.string(), detail: z.string() }),
  z.object({ type: z.literal("done"), ...counts, dryRun: z.boolean() }),
  z.object({ type: z.literal("failed"), code: z.string(), message: z.string() }),
]);

/** One line of the server's answer. */
export type Answer = z.infer<typeof answerShape>;
export type Counts = { readonly [key in keyof typeof counts]: number };

const errorShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().nullish() }),
});

export interface Upload {
  readonly url: URL;
  readonly token: string;
  readonly key: string;
  readonly path: string;
  readonly part: Part;
  /** What is sent; JSON Lines unless it says otherwise. */
  readonly contentType?: string;
  readonly onAnswer: (answer: Answer) => void | Promise<void>;
}

/** Whatever ends the talk with the server before it said "done": the same call again finishes the work. */
export const AGAIN = "Run the same command again: what is done stays done, and nothing is done twice.";

/**
 * Sends one part of a file and hands on what the server answers while it reads. Both directions run at once, as the
 * server answers before it has all. Throws a CliError when the part wasn't taken to its end.
 */
export async function upload(options: Upload): Promise<Counts> {
  const { part, path } = options;
  const length = part.end - part.start;
  const call = request(options.url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${options.token}`,
      "content-type": options.contentType ?? "application/x-ndjson",
      "content-length": String(length),
      "idempotency-key": options.key,
      accept: "application/x-ndjson",
    },
  });
  const response = responseTo(call);
  // A server that refuses early closes its side while we still send; what it said then counts, not the broken pipe.
  const sent = pipeline(
    createReadStream(path, { start: part.start, end: part.end - 1, highWaterMark: 1 << 18 }),
    call,
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  const answer = await response;
  try {
    if (answer.statusCode !== 200) throw await refusal(answer);
    return await readAnswers(answer, options.onAnswer);
  } finally {
    answer.destroy();
    call.destroy();
    await sent;
  }
}

function responseTo(call: ClientRequest): Promise<IncomingMessage> {
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    call.once("response", resolve);
    call.on("error", (error) =>
      reject(new CliError(`The server went away (${error.message}). ${AGAIN}`, EXIT.failed, { cause: error })),
    );
  });
  return response;
}

async function readAnswers(response: IncomingMessage, onAnswer: Upload["onAnswer"]): Promise<Counts> {
  try {
    for await (const line of createInterface({ input: response })) {
      if (line.trim() === "") continue;
      const answer = answerShape.safeParse(parseJson(line));
      if (!answer.success)
        throw new CliError(`The server answered a line that isn't of the import's protocol: ${line.slice(0, 200)}`);
      if (answer.data.type === "failed")
        throw new CliError(`The server stopped (${answer.data.code}): ${answer.data.message} ${AGAIN}`);
      if (answer.data.type === "done") return answer.data;
      await onAnswer(answer.data);
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`The server went away in the middle. ${AGAIN}`, EXIT.failed, { cause: error });
  }
  throw new CliError(`The server went away in the middle. ${AGAIN}`);
}

async function refusal(response: IncomingMessage): Promise<CliError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    if (chunks.length < 64) chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const parsed = errorShape.safeParse(parseJson(text));
  if (!parsed.success) return new CliError(`The server answered ${response.statusCode}: ${text.slice(0, 300)}`);
  const { code, message } = parsed.data.error;
  if (code === "FORBIDDEN") return new CliError(message, EXIT.refused);
  if (response.statusCode === 409) return new CliError(message, EXIT.conflict);
  if (code === "UNAVAILABLE" || code === "TIMEOUT") return new CliError(`${message} ${AGAIN}`);
  return new CliError(message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
