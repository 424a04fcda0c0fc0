import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Where the graph lives; null means: run one of our own (see graph/embedded). */
export interface DatabaseConfig {
  readonly uri: string;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
}

/** How much one tenant may ask of this process, and in a day of all of them. Whoever has no token counts by their address. */
export interface LimitsConfig {
  readonly ratePerSecond: number;
  /** Requests at once after a pause. */
  readonly burst: number;
  /** Requests that are being answered. */
  readonly concurrency: number;
  /** Requests that wait for one of those to end. */
  readonly queue: number;
  readonly requestsPerDay: number;
}

export interface Config {
  /** State of this installation: store, keys, run file, logs, refused import rows. */
  readonly home: string;
  /** Downloads shared by all installations of this user. */
  readonly cache: string;
  readonly database: DatabaseConfig | null;
  readonly region: string;
  readonly logLevel: string;
  /** Hides introspection, and lets cookies travel by https only. */
  readonly production: boolean;
  readonly limits: LimitsConfig;
  /** Addresses and networks of the proxies in front of us, who may say where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** Opens /metrics; without one it is this machine's own. */
  readonly metricsToken: string | null;
}

/** The region of an installation that names none. */
export const DEFAULT_REGION = "local";

function isNetwork(text: string): boolean {
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return bits > 0 && Number(prefix ?? bits) <= bits;
}

const environment = z.object({
  THROUGHLINE_HOME: z.string().min(1).optional(),
  THROUGHLINE_CACHE: z.string().min(1).optional(),
  THROUGHLINE_REGION: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "a region is lower-case letters, digits and hyphens")
    .default(DEFAULT_REGION),
  THROUGHLINE_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  THROUGHLINE_RATE_PER_SECOND: z.coerce.number().int().min(1).max(1e12).default(1_000),
  THROUGHLINE_BURST: z.coerce.number().int().min(1).max(1e12).default(5_000),
  THROUGHLINE_CONCURRENCY: z.coerce.number().int().min(1).max(1e12).default(50),
  THROUGHLINE_QUEUE: z.coerce.number().int().min(1).max(1e12).default(1_000),
  THROUGHLINE_REQUESTS_PER_DAY: z.coerce.number().int().min(1).max(1e12).default(10_000_000),
  THROUGHLINE_METRICS_TOKEN: z.string().min(16, "a token has 16 characters or more").optional(),
  THROUGHLINE_TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(",").map((proxy) => proxy.trim()))
    .refine((list) => list.every(isNetwork), "expected addresses or networks such as 10.0.0.0/8, separated by commas")
    .default([]),
  NODE_ENV: z.string().optional(),
  XDG_CACHE_HOME: z.string().min(1).optional(),
  NEO4J_URI: z
    .string()
    .regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\/[^\s/]+/, "expected something like neo4j://host:7687")
    .optional(),
  NEO4J_USER: z.string().min(1).default("neo4j"),
  NEO4J_PASSWORD: z.string().optional(),
  NEO4J_DATABASE: z.string().min(1).optional(),
});

/** All that is wrong with the environment, at once. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
  }
}

/** Pure: reads nothing but its arguments. Throws a ConfigError that names every variable at fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, projectRoot: string): Config {
  // An empty variable means an absent one: that is how shells and CI unset things.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environment.safeParse(given);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (given.NEO4J_URI !== undefined && given.NEO4J_PASSWORD === undefined) {
    problems.push("NEO4J_PASSWORD: must be set when NEO4J_URI is");
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const e = parsed.data;
  return {
    home: resolve(projectRoot, e.THROUGHLINE_HOME ?? ".throughline"),
    cache: resolve(e.THROUGHLINE_CACHE ?? join(e.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "throughline")),
    database:
      e.NEO4J_URI === undefined
        ? null
        : { uri: e.NEO4J_URI, user: e.NEO4J_USER, password: e.NEO4J_PASSWORD ?? "", database: e.NEO4J_DATABASE },
    region: e.THROUGHLINE_REGION,
    logLevel: e.THROUGHLINE_LOG_LEVEL,
    production: e.NODE_ENV === "production",
    limits: {
      ratePerSecond: e.THROUGHLINE_RATE_PER_SECOND,
      burst: e.THROUGHLINE_BURST,
      concurrency: e.THROUGHLINE_CONCURRENCY,
      queue: e.THROUGHLINE_QUEUE,
      requestsPerDay: e.THROUGHLINE_REQUESTS_PER_DAY,
    },
    trustedProxies: e.THROUGHLINE_TRUSTED_PROXIES,
    metricsToken: e.THROUGHLINE_METRICS_TOKEN ?? null,
  };
}

/** The configuration of this process. The only reader of `process.env`. */
export const processConfig = (projectRoot: string): Config => loadConfig(process.env, projectRoot);
