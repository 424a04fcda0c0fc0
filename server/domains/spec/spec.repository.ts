import { z } from "zod";
import type { SpecKind } from "../../../graph-schema/nodes/spec-version.js";
import type { Reader } from "../../commands/judge.js";
import { nodeRow, nodeRowOf, type NodeOf } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

export type SpecVersionNode = NodeOf<"SpecVersion">;

/** Every version of a spec; keys begin with kind and name. */
const versionsQuery = defineQuery({
  name: "specVersions",
  mode: "read",
  scope: "tenant",
  params: params<{ prefix: string; most: number }>(),
  cypher: `MATCH (s:SpecVersion {tenantId: $tenantId})
WHERE s.key STARTS WITH $prefix
RETURN ${nodeRow("s", "s", ["SpecVersion"])} AS node LIMIT toInteger($most)`,
  row: z.object({ node: nodeRowOf("SpecVersion") }),
});

export const specDomainQueries = [versionsQuery];

/** Versions that one spec may have. */
export const MOST_VERSIONS = 1_000;

export const versionsOfSpec = async (reader: Reader, kind: SpecKind, name: string): Promise<SpecVersionNode[]> =>
  (await reader.run(versionsQuery, { prefix: `${kind} ${name} `, most: MOST_VERSIONS })).map(({ node }) => node);
