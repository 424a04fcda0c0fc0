import { z } from "zod";
import { FOREVER } from "../../../graph-schema/time.js";
import type { Reader } from "../../commands/judge.js";
import { nodeRow, nodeRowOf } from "../../graph/projection.js";
import { defineQuery, params } from "../../graph/query.js";

const runningQuery = defineQuery({
  name: "runningExperiments",
  mode: "read",
  scope: "tenant",
  params: params<{ episodeId: string; kind: string; forever: number }>(),
  cypher: `MATCH (e:Episode {tenantId: $tenantId, id: $episodeId})<-[:TESTED_ON {validTo: $forever}]-(x:Experiment {status: "RUNNING", kind: $kind})
RETURN x.id AS id LIMIT 1`,
  row: z.object({ id: z.string() }),
});

const variantsQuery = defineQuery({
  name: "variantsOfExperiment",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (x:Experiment {tenantId: $tenantId, id: $id})<-[:ARM_OF {validTo: $forever}]-(v:Variant)
RETURN ${nodeRow("v", "v", ["Variant"])} AS node
ORDER BY v.ordinal, v.id`,
  row: z.object({ node: nodeRowOf("Variant") }),
});

const episodeQuery = defineQuery({
  name: "episodeOfExperiment",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string; forever: number }>(),
  cypher: `MATCH (x:Experiment {tenantId: $tenantId, id: $id})-[:TESTED_ON {validTo: $forever}]->(e:Episode)
RETURN e.id AS id`,
  row: z.object({ id: z.string() }),
});

export const experimentQueries = [runningQuery, variantsQuery, episodeQuery];

/** Id, without label, of an experiment of the kind that runs on the episode. */
export const runningExperiment = async (reader: Reader, episodeId: string, kind: string): Promise<string | undefined> =>
  (await reader.run(runningQuery, { episodeId, kind, forever: FOREVER }))[0]?.id;

/** Its variants as they stand, in their order. */
export const variantsOf = async (reader: Reader, id: string) =>
  (await reader.run(variantsQuery, { id, forever: FOREVER })).map(({ node }) => node);

/** Id, without label, of the episode that it is about. */
export const episodeOf = async (reader: Reader, id: string): Promise<string | undefined> =>
  (await reader.run(episodeQuery, { id, forever: FOREVER }))[0]?.id;
