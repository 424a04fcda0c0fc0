import { z } from "zod";
import { defineQuery, params } from "../../graph/query.js";

export const topicByKey = defineQuery({
  name: "topicByKey",
  mode: "read",
  scope: "tenant",
  params: params<{ key: string }>(),
  cypher: `MATCH (t:Topic {tenantId: $tenantId, key: $key}) RETURN t.id AS id`,
  row: z.object({ id: z.string() }),
});

export const topicQueries = [topicByKey];
