import { z } from "zod";
import { PROMPT_STAGES } from "../../../domains/spec/spec.js";

/*
 * Which models may do which stages, in which order they are asked, and what a run may spend on them. Keys aren't here: each
 * provider names the secret that holds its own.
 */

/** Stages that a model may do. Scoring is arithmetic, and what checks the others is asked of nobody. */
export const MODEL_STAGES = PROMPT_STAGES;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** A key travels with every call: beyond this machine only by https. */
const isSafe = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, search, hash } = new URL(text);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (
    (protocol === "https:" || (protocol === "http:" && isLocal)) && username === "" && search === "" && hash === ""
  );
};

const provider = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "lower-case letters, digits and hyphens"),
  /** The address above `/chat/completions`. */
  url: z
    .string()
    .max(500)
    .refine(isSafe, "expected an https address, or http on this machine, without a password or a query in it"),
  model: z.string().min(1).max(200),
  /** The name of the secret that holds its key; null for one that asks for none. */
  secret: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, "the name of a secret, such as model-key")
    .nullable()
    .default(null),
  /** How it is told the shape of its answer: by a JSON Schema, that it must be JSON, or in words alone. */
  json: z.enum(["schema", "object", "words"]).default("schema"),
  temperature: z.number().min(0).max(2).default(0),
  /** Tokens that an answer may have. */
  most_tokens: z.int().min(100).max(100_000).default(8_000),
  timeout_s: z.number().min(0.05).max(600).default(60),
  /** US dollars for a million tokens. */
  price: z
    .strictObject({ input: z.number().min(0).max(10_000), output: z.number().min(0).max(10_000) })
    .default({ input: 0, output: 0 }),
});
export type Provider = z.infer<typeof provider>;

export const modelSettings = z.strictObject({
  stages: z.array(z.enum(MODEL_STAGES)).min(1),
  /** In the order in which they are asked. */
  providers: z
    .array(provider)
    .min(1)
    .max(10)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, "two providers have one name"),
  /** What all stages of one run may spend together. */
  budget: z.strictObject({ tokens: z.int().min(1), cost_usd: z.number().min(0) }),
  /** Longest pause that a provider's Retry-After is waited for; a longer one sends the question on. */
  retry_after_most_s: z.number().min(0).max(300).default(20),
  /** So many failures on end, and a provider isn't asked for so long. */
  breaker: z
    .strictObject({ failures: z.int().min(1).max(100), rest_s: z.number().min(0.01).max(3_600) })
    .default({ failures: 3, rest_s: 60 }),
  /** Answers that are kept in this process: how many, and for how long. */
  cache: z
    .strictObject({ entries: z.int().min(0).max(10_000), seconds: z.number().min(0).max(604_800) })
    .default({ entries: 500, seconds: 86_400 }),
});
export type ModelSettings = z.infer<typeof modelSettings>;
