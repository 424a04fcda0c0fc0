import { z } from "zod";
import { defineQuery, params } from "../../graph/query.js";

/** What looks at a source's address found; null where nobody has looked yet. */
export const linkHealthOf = defineQuery({
  name: "linkHealthOfSource",
  mode: "read",
  scope: "tenant",
  params: params<{ id: string }>(),
  cypher: `MATCH (s:Source {tenantId: $tenantId, id: $id})
OPTIONAL MATCH (h:LinkHealth {tenantId: $tenantId, id: s.id})
RETURN s.url AS url, h.lookedAt AS lookedAt, h.outcome AS outcome, h.status AS status, h.error AS error, h.movedTo AS movedTo, h.failures AS failures, h.failingSince AS failingSince`,
  row: z.object({
    url: z.string(),
    lookedAt: z.number().nullable(),
    outcome: z.string().nullable(),
    status: z.number().nullable(),
    error: z.string().nullable(),
    movedTo: z.string().nullable(),
    failures: z.number().nullable(),
    failingSince: z.number().nullable(),
  }),
});
