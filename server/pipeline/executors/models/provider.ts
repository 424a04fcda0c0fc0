import { z } from "zod";
import type { Provider } from "./settings.js";

/*
 * One question to one provider over HTTP. Whatever comes back is bounded, and told in words of our own: neither what was asked,
 * nor the key, nor what a stranger's server says has a place in an error or a log.
 */

export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface Question {
  readonly messages: readonly Message[];
  /** The name and JSON Schema of the answer. */
  readonly shape: { readonly name: string; readonly schema: object };
}

export interface Answer {
  readonly text: string;
  /** As the provider counts them; null where it doesn't, or where its count can't be. */
  readonly usage: { readonly input: number; readonly output: number } | null;
}

/** Why a provider gave no answer. */
export class ProviderFailure extends Error {
  constructor(
    readonly kind: "RATE_LIMITED" | "UNAVAILABLE" | "TIMEOUT" | "DENIED" | "BAD_ANSWER" | "TOO_LARGE",
    message: string,
    readonly options: {
      /** How long it asks to be left alone, in milliseconds. */
      readonly retryAfterMs?: number | null;
      /** Whether it may have worked on the question, and so be paid. */
      readonly worked?: boolean;
    } = {},
  ) {
    super(message);
    this.name = "ProviderFailure";
  }
}

/** Largest answer, in bytes. */
const MAX_BYTES = 2_000_000;

const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.int().min(0).max(1e9), completion_tokens: z.int().min(0).max(1e9) })
    .nullish()
    .catch(null),
});

export async function askProvider(
  provider: Provider,
  key: string | null,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(Math.ceil(provider.timeout_s * 1_000));
  const within = AbortSignal.any([signal, timeout]);
  try {
    const response = await fetch(`${provider.url.replace(/\/+$/, "")}/chat/completions`, {
      method: "POST",
      // Elsewhere the key would be told to whom it isn't for.
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(bodyOf(provider, question)),
      signal: within,
    });
    if (response.status !== 200) throw await refusalOf(response);
    return answerOf(await bounded(response));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ProviderFailure) throw error;
    if (timeout.aborted)
      throw new ProviderFailure("TIMEOUT", `gave no answer within ${provider.timeout_s} s`, { worked: true });
    throw new ProviderFailure("UNAVAILABLE", `can't be reached, or broke off (${codeOf(error)})`, { worked: true });
  }
}

const bodyOf = ({ model, temperature, most_tokens, json }: Provider, { messages, shape }: Question) => ({
  model,
  messages,
  temperature,
  max_tokens: most_tokens,
  stream: false,
  ...(json === "schema"
    ? { response_format: { type: "json_schema", json_schema: { name: shape.name, schema: shape.schema } } }
    : json === "object"
      ? { response_format: { type: "json_object" } }
      : {}),
});

async function refusalOf(response: Response): Promise<ProviderFailure> {
  const { status, headers } = response;
  await response.body?.cancel().catch(() => undefined);
  const said = `answered ${status}`;
  if (status === 429 || status === 503) {
    const retryAfterMs = retryAfter(headers.get("retry-after"));
    return new ProviderFailure(status === 429 ? "RATE_LIMITED" : "UNAVAILABLE", said, { retryAfterMs });
  }
  if (status === 408 || status >= 500) return new ProviderFailure("UNAVAILABLE", said);
  if (status >= 300 && status < 400)
    return new ProviderFailure(
      "DENIED",
      `${said}: it leads elsewhere, and its key goes nowhere else; name its own address`,
    );
  if (status === 401 || status === 403) return new ProviderFailure("DENIED", `${said}: its key isn't taken`);
  return new ProviderFailure("DENIED", `${said}: it doesn't take such questions`);
}

/** Milliseconds of a Retry-After, which is seconds or a date; null for none, or for what is neither. */
export function retryAfter(value: string | null, now: number = Date.now()): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(text)) return Math.round(Number(text) * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/** The body, if it is no longer than may be; the rest isn't waited for. */
async function bounded(response: Response): Promise<string> {
  const tooLarge = () =>
    new ProviderFailure("TOO_LARGE", `answered with more than ${MAX_BYTES / 1e6} MB`, { worked: true });
  if (Number(response.headers.get("content-length")) > MAX_BYTES) {
    await response.body?.cancel().catch(() => undefined);
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function answerOf(body: string): Answer {
  const bad = (message: string) => new ProviderFailure("BAD_ANSWER", message, { worked: true });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw bad("answered with something that is no JSON");
  }
  const parsed = completion.safeParse(value);
  if (!parsed.success) throw bad("answered with JSON that is no chat completion");
  const { choices, usage } = parsed.data;
  const { message, finish_reason } = choices[0]!;
  if (finish_reason === "length") throw bad("was cut off at its bound of tokens; allow it more");
  if (finish_reason === "content_filter" || message.refusal) throw bad("declines to answer");
  if (!message.content) throw bad("answered with nothing");
  return {
    text: message.content,
    usage: usage == null ? null : { input: usage.prompt_tokens, output: usage.completion_tokens },
  };
}

/** A code such as ECONNREFUSED; never a message, which may quote what was sent. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? code : "no code";
}
