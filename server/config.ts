import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";

/** Where the graph lives; null means: run one of our own (see graph/embedded). */
export interface DatabaseConfig {
  readonly uri: string;
  readonly user: string;
  readonly database: string | undefined;
}

/** Who decides, and who is only asked beside. */
export interface PolicyConfig {
  /** An OPA server that decides instead of the compiled policy; null is the compiled one. */
  readonly url: string | null;
  /** A candidate that decides nothing: another compiled policy, or an OPA server. */
  readonly shadow: { readonly path: string } | { readonly url: string } | null;
}

/** Where people sign in, when that isn't here: an OpenID Connect provider. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** The claim that names the principal. */
  readonly principalClaim: string;
  /** The claim that names the tenant; null: the address of the sign-in does. */
  readonly tenantClaim: string | null;
  /** The only algorithm that its ID tokens are taken in. */
  readonly algorithm: (typeof OIDC_ALGORITHMS)[number];
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
  /** regions.yaml, where an installation has several regions; null: nobody compares. */
  readonly regionsFile: string | null;
  readonly policy: PolicyConfig;
  readonly logLevel: string;
  /** Whether this process runs jobs, or leaves them to others. */
  readonly jobs: boolean;
  /** Where each audit checkpoint is sent too, beside `checkpoints/` of the home. */
  readonly checkpointUrl: string | undefined;
  /** Hides introspection, and lets cookies travel by https only. */
  readonly production: boolean;
  /** Where people reach the service; null: wherever they did. */
  readonly publicUrl: string | null;
  readonly oidc: OidcConfig | null;
  /** Where secrets are: a folder of files, and what the environment gave. server/secrets asks them. */
  readonly secrets: {
    readonly folder: string | null;
    readonly given: Readonly<Record<string, string | undefined>>;
  };
  /** Networks that aren't public and yet may be sent webhooks, such as `127.0.0.1/32`. */
  readonly webhookNetworks: readonly string[];
  /** Networks that aren't public and yet may be imported from at the command line, such as `10.1.0.0/16`. */
  readonly importNetworks: readonly string[];
  /** The ffmpeg to render with; null: one that came as a package, or the PATH's. */
  readonly ffmpeg: string | null;
  /** How the pipeline's executors work: templates and models; null: as they come. */
  readonly executorsFile: string | null;
  readonly limits: LimitsConfig;
  /** Addresses and networks of the proxies in front of us, who may say where a request comes from. */
  readonly trustedProxies: readonly string[];
  /** Opens /metrics; without one it is this machine's own. */
  readonly metricsToken: string | null;
}

/** Asymmetric ones: nobody who can check a token can make one. */
const OIDC_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"] as const;

/** The region of an installation that names none. */
export const DEFAULT_REGION = "local";

/** Decisions must not be forged on their way: anything beyond this machine is asked by https. */
const isSafeUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return username === "" && (protocol === "https:" || (protocol === "http:" && local));
};
const IS_URL = /^[a-z]+:\/\//i;
const SAFE_URL = "expected an https address, or http on this machine, without a password in it";

/** What is told over plain http could be told by anybody, so only this machine may. */
const ISSUER = /^(https:\/\/[^\s/?#]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/[^\s?#]*)?$/;

const cidr = z.union([z.cidrv4(), z.cidrv6()]);

function isNetwork(text: string): boolean {
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return bits > 0 && Number(prefix ?? bits) <= bits;
}

const toNetworks = (list: string): string[] => list.split(",").map((network) => network.trim());
const areNetworks = (list: readonly string[]): boolean => list.every((network) => cidr.safeParse(network).success);
const NETWORKS = "networks are like 10.1.0.0/16,::1/128";

const environment = z.object({
  THROUGHLINE_HOME: z.string().min(1).optional(),
  THROUGHLINE_CACHE: z.string().min(1).optional(),
  THROUGHLINE_REGION: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, "a region is lower-case letters, digits and hyphens")
    .default(DEFAULT_REGION),
  THROUGHLINE_REGIONS: z.string().min(1).optional(),
  THROUGHLINE_POLICY_URL: z.string().refine(isSafeUrl, SAFE_URL).optional(),
  THROUGHLINE_POLICY_SHADOW: z
    .string()
    .refine((text) => !IS_URL.test(text) || isSafeUrl(text), SAFE_URL)
    .optional(),
  THROUGHLINE_LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  THROUGHLINE_JOBS: z.enum(["on", "off"]).default("on"),
  THROUGHLINE_CHECKPOINT_URL: z
    .string()
    .regex(/^https?:\/\/[^\s]+$/, "expected an http or https address")
    .optional(),
  THROUGHLINE_PUBLIC_URL: z
    .string()
    .regex(/^https?:\/\/[^\s/?#]+\/?$/, "expected something like https://studio.example")
    .optional(),
  THROUGHLINE_SECRETS_FOLDER: z.string().min(1).optional(),
  THROUGHLINE_OIDC_ISSUER: z
    .string()
    .regex(ISSUER, "expected an https address, or an http one of this machine")
    .optional(),
  THROUGHLINE_OIDC_CLIENT_ID: z.string().min(1).optional(),
  THROUGHLINE_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  THROUGHLINE_OIDC_PRINCIPAL_CLAIM: z.string().min(1).default("email"),
  THROUGHLINE_OIDC_TENANT_CLAIM: z.string().min(1).optional(),
  THROUGHLINE_OIDC_ALGORITHM: z.enum(OIDC_ALGORITHMS).default("RS256"),
  THROUGHLINE_WEBHOOK_NETWORKS: z.string().transform(toNetworks).refine(areNetworks, NETWORKS).default([]),
  THROUGHLINE_FFMPEG: z.string().min(1).optional(),
  THROUGHLINE_EXECUTORS: z.string().min(1).optional(),
  THROUGHLINE_MODEL_KEY: z.string().min(1).optional(),
  THROUGHLINE_IMPORT_NETWORKS: z.string().transform(toNetworks).refine(areNetworks, NETWORKS).default([]),
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
  const inFolder = given.THROUGHLINE_SECRETS_FOLDER !== undefined;
  if (given.NEO4J_URI !== undefined && given.NEO4J_PASSWORD === undefined && !inFolder) {
    problems.push("NEO4J_PASSWORD: must be set when NEO4J_URI is, or stand in THROUGHLINE_SECRETS_FOLDER");
  }
  if (given.THROUGHLINE_OIDC_ISSUER !== undefined) {
    if (given.THROUGHLINE_OIDC_CLIENT_ID === undefined)
      problems.push("THROUGHLINE_OIDC_CLIENT_ID: must be set when THROUGHLINE_OIDC_ISSUER is");
    if (given.THROUGHLINE_OIDC_CLIENT_SECRET === undefined && !inFolder)
      problems.push(
        "THROUGHLINE_OIDC_CLIENT_SECRET: must be set when THROUGHLINE_OIDC_ISSUER is, or stand in THROUGHLINE_SECRETS_FOLDER",
      );
    if (given.NODE_ENV === "production" && given.THROUGHLINE_PUBLIC_URL === undefined)
      problems.push("THROUGHLINE_PUBLIC_URL: must be set when people sign in elsewhere, so that they find back");
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const e = parsed.data;
  return {
    home: resolve(projectRoot, e.THROUGHLINE_HOME ?? ".throughline"),
    cache: resolve(e.THROUGHLINE_CACHE ?? join(e.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "throughline")),
    database: e.NEO4J_URI === undefined ? null : { uri: e.NEO4J_URI, user: e.NEO4J_USER, database: e.NEO4J_DATABASE },
    region: e.THROUGHLINE_REGION,
    regionsFile: e.THROUGHLINE_REGIONS === undefined ? null : resolve(projectRoot, e.THROUGHLINE_REGIONS),
    policy: {
      url: e.THROUGHLINE_POLICY_URL ?? null,
      shadow: shadowOf(e.THROUGHLINE_POLICY_SHADOW, projectRoot),
    },
    logLevel: e.THROUGHLINE_LOG_LEVEL,
    jobs: e.THROUGHLINE_JOBS === "on",
    checkpointUrl: e.THROUGHLINE_CHECKPOINT_URL,
    production: e.NODE_ENV === "production",
    publicUrl: e.THROUGHLINE_PUBLIC_URL?.replace(/\/$/, "") ?? null,
    oidc:
      e.THROUGHLINE_OIDC_ISSUER === undefined
        ? null
        : {
            issuer: e.THROUGHLINE_OIDC_ISSUER,
            clientId: e.THROUGHLINE_OIDC_CLIENT_ID ?? "",
            principalClaim: e.THROUGHLINE_OIDC_PRINCIPAL_CLAIM,
            tenantClaim: e.THROUGHLINE_OIDC_TENANT_CLAIM ?? null,
            algorithm: e.THROUGHLINE_OIDC_ALGORITHM,
          },
    secrets: {
      folder: e.THROUGHLINE_SECRETS_FOLDER === undefined ? null : resolve(projectRoot, e.THROUGHLINE_SECRETS_FOLDER),
      given: {
        "neo4j-password": e.NEO4J_PASSWORD,
        "oidc-client-secret": e.THROUGHLINE_OIDC_CLIENT_SECRET,
        "model-key": e.THROUGHLINE_MODEL_KEY,
        ...regionPasswords(given),
      },
    },
    webhookNetworks: e.THROUGHLINE_WEBHOOK_NETWORKS,
    importNetworks: e.THROUGHLINE_IMPORT_NETWORKS,
    // A bare name is looked for on the PATH; anything else is a file.
    ffmpeg: e.THROUGHLINE_FFMPEG === undefined ? null : ffmpegOf(e.THROUGHLINE_FFMPEG, projectRoot),
    executorsFile: e.THROUGHLINE_EXECUTORS === undefined ? null : resolve(projectRoot, e.THROUGHLINE_EXECUTORS),
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

/** `NEO4J_PASSWORD_EU_WEST` is the secret `neo4j-password-eu-west`: of another region's database, which tenants are moved to. */
const regionPasswords = (given: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => /^NEO4J_PASSWORD_[A-Z][A-Z0-9_]*$/.test(name))
      .map(([name, value]) => [name.toLowerCase().replaceAll("_", "-"), value]),
  );

const ffmpegOf = (text: string, projectRoot: string): string =>
  /[/\\]/.test(text) ? resolve(projectRoot, text) : text;

function shadowOf(text: string | undefined, projectRoot: string): PolicyConfig["shadow"] {
  if (text === undefined) return null;
  return IS_URL.test(text) ? { url: text } : { path: resolve(projectRoot, text) };
}

/** The configuration of this process. The only reader of `process.env`. */
export const processConfig = (projectRoot: string): Config => loadConfig(process.env, projectRoot);
