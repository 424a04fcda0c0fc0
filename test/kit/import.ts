import { createHash } from "node:crypto";
import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { z } from "zod";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { defineQuery, params } from "../../server/graph/query.js";
import type { TestApi } from "./api.js";
import { testGraph } from "./graph.js";

export interface ImportEvent {
  readonly type: "progress" | "refused" | "change" | "done" | "failed";
  readonly line?: number;
  readonly id?: string | null;
  readonly row?: string;
  readonly problems?: readonly { code: string; path: string; message: string }[];
  readonly action?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly message?: string;
  readonly [count: string]: unknown;
}

export interface Imported {
  readonly status: number;
  readonly contentType: string;
  readonly events: readonly ImportEvent[];
  /** What stands where nothing was streamed. */
  readonly error?: { code: string; message: string; field?: string; correlationId: string };
  readonly last: ImportEvent | undefined;
}

export const sha256 = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A row of the kind that `POST /import/claims` takes. */
export const claimRow = (row: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  id: "row-1",
  claim: "Ada wrote the first program.",
  evidence: "Ada Lovelace is often called the first programmer.",
  label: "SUPPORTS",
  source_title: "Ada Lovelace",
  source_url: "https://en.wikipedia.org/w/index.php?oldid=100",
  revision_id: "100",
  ...row,
});

export const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

export interface ImportOptions {
  readonly dryRun?: boolean;
  readonly roles?: Role[];
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Of the address, behind the path. */
  readonly query?: Readonly<Record<string, string>>;
}

type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Sends a file of claims as the command line does. A header given as undefined is left out. */
export const importClaims = (api: TestApi, tenantId: string, body: Body, options: ImportOptions = {}) =>
  sendImport(api, tenantId, "claims", body, options);

/** Sends a table of figures as the command line does. */
export const importKpis = (api: TestApi, tenantId: string, body: Body, options: ImportOptions = {}) =>
  sendImport(api, tenantId, "kpis", body, { ...options, headers: { "content-type": "text/csv", ...options.headers } });

/** Sends a page or a feed that was read at an address. */
export const importDocument = (
  api: TestApi,
  tenantId: string,
  kind: "page" | "feed",
  body: Body,
  url: string,
  options: ImportOptions = {},
) => {
  const type = kind === "page" ? "text/html; charset=utf-8" : "application/xml";
  const headers = { "content-type": type, ...options.headers };
  return sendImport(api, tenantId, kind, body, { ...options, headers, query: { url, ...options.query } });
};

async function sendImport(
  api: TestApi,
  tenantId: string,
  kind: string,
  body: Body,
  options: ImportOptions,
): Promise<Imported> {
  const { dryRun = false, roles = ["analyst"], headers = {}, query = {} } = options;
  const address = new URL(`${api.url}/import/${kind}`);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  if (dryRun) address.searchParams.set("dry-run", "true");
  const whole = typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body as string) : null;
  const sent: Record<string, string | undefined> = {
    "content-type": "application/x-ndjson",
    authorization: `Bearer ${await api.token(tenantId, ...roles)}`,
    "idempotency-key": whole === null ? "0".repeat(64) : sha256(whole),
    ...headers,
  };
  const given = Object.fromEntries(
    Object.entries(sent).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const { status, contentType, text } = await new Promise<{ status: number; contentType: string; text: string }>(
    (resolve, reject) => {
      const request = httpRequest(address, { method: "POST", headers: given }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers["content-type"] ?? "",
            text: Buffer.concat(parts).toString("utf8"),
          }),
        );
      });
      request.on("error", reject);
      if (whole !== null) request.end(whole);
      else
        Readable.from(body as AsyncIterable<Uint8Array>)
          .on("error", reject)
          .pipe(request);
    },
  );
  if (!contentType.startsWith("application/x-ndjson")) {
    return {
      status,
      contentType,
      events: [],
      error: (JSON.parse(text) as { error: NonNullable<Imported["error"]> }).error,
      last: undefined,
    };
  }
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as ImportEvent);
  return { status, contentType, events, last: events.at(-1) };
}

const NODES = {
  Source: ["title", "url", "publisher", "independenceGroup", "tier", "reliability", "status"],
  Snapshot: ["title", "url", "revision", "sha256", "kind", "bytes", "cut"],
  Fact: ["title", "quoteExact", "kind"],
  Claim: ["title", "kind", "status", "version"],
} as const;

const nodesDump = Object.entries(NODES).map(([label, columns]) =>
  defineQuery({
    name: `dump${label}`,
    mode: "read",
    scope: "tenant",
    params: params<Record<string, never>>(),
    cypher: `MATCH (n:${label} {tenantId: $tenantId}) WHERE n.key IS NOT NULL RETURN "${label} " + n.key AS key, [${columns.map((column) => `n.${column}`).join(", ")}] AS values ORDER BY key`,
    row: z.object({ key: z.string(), values: z.array(z.unknown()) }),
  }),
);
const edgesDump = defineQuery({
  name: "dumpEdges",
  mode: "read",
  scope: "tenant",
  params: params<{ forever: number }>(),
  cypher: `MATCH (a {tenantId: $tenantId})-[r:SUPPORTED_BY|CONTRADICTED_BY|CONSIDERED|QUOTED_FROM|CAPTURED_FROM|HAS_BODY]->(b)
RETURN type(r) AS type, a.key AS from, coalesce(b.key, b.sha256) AS to, r.basis AS basis, r.assertingRows AS rows, r.validTo = 253402300799999 AS open, r.validTo > r.validFrom AS forward`,
  row: z.object({
    type: z.string(),
    from: z.string(),
    to: z.string(),
    basis: z.string().nullable(),
    rows: z.number().nullable(),
    open: z.boolean(),
    forward: z.boolean(),
  }),
});
const rowsDump = defineQuery({
  name: "dumpRows",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (i:ImportRow {tenantId: $tenantId}) RETURN i.key AS key, i.hash AS hash ORDER BY key`,
  row: z.object({ key: z.string(), hash: z.string() }),
});

/** What an import left, by natural keys: without ids and instants, so that two equal graphs are equal texts. */
export interface Dump {
  readonly nodes: readonly string[];
  readonly edges: readonly {
    type: string;
    from: string;
    to: string;
    basis: string | null;
    rows: number | null;
    open: boolean;
    forward: boolean;
  }[];
  readonly rows: readonly { key: string; hash: string }[];
}

export async function dump(tenantId: string): Promise<Dump> {
  const graph = testGraph();
  const scope = { tenantId, timeoutMs: 60_000 };
  const nodes = await Promise.all(nodesDump.map((query) => graph.read(scope, query, {})));
  const edges = await graph.read(scope, edgesDump, { forever: 0 });
  return {
    nodes: nodes.flat().map(({ key, values }) => `${key} ${JSON.stringify(values)}`),
    edges: edges.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    rows: await graph.read(scope, rowsDump, {}),
  };
}

export const countOf = (dumped: Dump, label: keyof typeof NODES): number =>
  dumped.nodes.filter((node) => node.startsWith(`${label} `)).length;
