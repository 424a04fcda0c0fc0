import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ulid } from "ulid";
import { LINEAGE_EDGES, type EdgeType } from "../../graph-schema/catalog.js";
import { formatNodeId, parseNodeId } from "../../graph-schema/node-id.js";
import type { Instant } from "../../graph-schema/time.js";
import { exportLineage } from "../domains/export/export.service.js";
import { DomainError } from "../errors.js";
import { EXPORT_FORMATS, formatOf, inPieces, type ExportFormat } from "../exports/formats.js";
import { rootOf, wholeLineage, type ExportQuestion } from "../exports/whole-lineage.js";
import { instantOf } from "../graphql/instant.js";
import { LIMITS, within } from "../graphql/limits.js";
import { DateTime } from "../graphql/scalars.js";
import type { KeyRing } from "../identity/key-ring.js";
import { DIRECTIONS } from "../reads/lineage/lineage.query.js";
import type { Services } from "../services.js";
import { bookmarkOfRequest, callerOf } from "./session.js";

export const AS_OF_HEADER = "x-throughline-as-of";
export const SETTLED_HEADER = "x-throughline-settled";
export const NODES_HEADER = "x-throughline-nodes";
export const EDGES_HEADER = "x-throughline-edges";

/** Where a browser says that a request comes from; what is no browser says nothing. */
const OWN_SITES: readonly (string | string[] | undefined)[] = [undefined, "same-origin", "none"];

const PARAMETERS = ["id", "format", "direction", "depth", "asOf", "edgeTypes"];

interface Options {
  readonly services: Services;
  readonly keys: KeyRing;
  readonly publicUrl: string | null;
}

/**
 * `GET /export/lineage`: a lineage as a file. It is judged, found to be whole and within the limits, and noted in the audit
 * before its first byte; the headers say which instant it answers for.
 */
export function exportLineageRoutes(app: FastifyInstance, { services, keys, publicUrl }: Options): void {
  app.get("/export/lineage", { exposeHeadRoute: false }, async (request, reply) => {
    const caller = callerOf(request);
    const { format: name, ...question } = questionOf(request.query as Readonly<Record<string, unknown>>);
    // A link on another site's page would leave an entry in the audit under the reader's name.
    if (!OWN_SITES.includes(request.headers["sec-fetch-site"]))
      throw new DomainError("FORBIDDEN", "Another site's page can't ask for this.");
    await services.demand(caller, "export");
    const seen = bookmarkOfRequest(await keys.current(), caller, request);
    const scope = { tenantId: caller.tenantId, bookmarks: seen?.bookmarks };
    const now = Math.max(services.clock.now(), seen?.at ?? 0);
    const format = formatOf(name);
    const newest = format.beyond === true ? now : null;
    const asked = question.asOf === null ? newest : instantOf({ now }, question.asOf);
    const lineage = await wholeLineage(services.graph, scope, { ...question, asOf: asked }, now);
    const { asOf, settled, nodes, edges } = lineage;
    const office = { graph: services.graph, scope, publicUrl: publicUrl ?? ownUrl(request) };
    const text = await format.write(lineage, office);
    const { direction, depth, edgeTypes } = question;
    const id = formatNodeId(question.root.label, question.root.id);
    const executed = await services.execute(exportLineage, caller, {
      ...{ id, format: name, direction, depth, asOf, edgeTypes, nodes, edges },
      operationId: `export/lineage/${ulid()}`,
      reason: `exported as ${name}`,
    });
    if (!executed.ok) throw new DomainError("FORBIDDEN", executed.problems.map(({ message }) => message).join(" "));
    reply
      .type(format.mediaType)
      .header(AS_OF_HEADER, new Date(asOf).toISOString())
      .header(SETTLED_HEADER, String(settled))
      .header(NODES_HEADER, String(nodes))
      .header(EDGES_HEADER, String(edges))
      .header("content-disposition", `attachment; filename="${fileName(rootOf(lineage), asOf, format.ending)}"`)
      .header("cache-control", "no-store");
    return reply.send(Readable.from(inPieces(text)));
  });
}

const ownUrl = (request: FastifyRequest): string => `${request.protocol}://${request.host}`;

const fileName = (root: string, asOf: Instant, ending: string): string =>
  `${root.replace(":", "-")}-${new Date(asOf).toISOString().replaceAll(/[:.]/g, "-")}.${ending}`;

/** Reads the address; every problem names its parameter. */
function questionOf(query: Readonly<Record<string, unknown>>): ExportQuestion & { readonly format: ExportFormat } {
  for (const [name, value] of Object.entries(query)) {
    if (!PARAMETERS.includes(name))
      throw DomainError.badInput(name, `There is no \`${name}\` here, only ${PARAMETERS.join(", ")}.`);
    if (typeof value !== "string") throw DomainError.badInput(name, `\`${name}\` may be given once.`);
  }
  const given = query as Readonly<Record<string, string | undefined>>;
  const root = given.id === undefined ? null : parseNodeId(given.id);
  if (root === null)
    throw DomainError.badInput("id", "`id` must be the id of a node, such as Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1.");
  return {
    root,
    format: oneOf("format", given.format, EXPORT_FORMATS),
    direction: oneOf("direction", given.direction?.toUpperCase() ?? "UPSTREAM", DIRECTIONS),
    depth: within(
      "depth",
      /^\d{1,4}$/.test(given.depth ?? "1") ? Number(given.depth ?? "1") : Number.NaN,
      LIMITS.depth,
    ),
    asOf: given.asOf === undefined ? null : parsedInstant(given.asOf),
    edgeTypes: given.edgeTypes === undefined ? null : edgeTypesOf(given.edgeTypes),
  };
}

function oneOf<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((known) => known === value);
  if (found !== undefined) return found;
  throw DomainError.badInput(name, `\`${name}\` must be one of ${allowed.map((one) => one.toLowerCase()).join(", ")}.`);
}

const edgeTypesOf = (value: string): EdgeType[] => [
  ...new Set(
    value
      .toUpperCase()
      .split(",")
      .map((type) => oneOf("edgeTypes", type, LINEAGE_EDGES)),
  ),
];

function parsedInstant(value: string): Instant {
  try {
    return DateTime.parseValue(value);
  } catch {
    throw DomainError.badInput("asOf", "`asOf` must be an instant, such as 2026-11-21T06:00:00.000Z or 2026-11-21.");
  }
}
