import { z } from "zod";
import type { Label } from "./catalog.js";

/** What every stored content node carries beside its own properties. `validFrom` is when its life began, `versionFrom` when its present version did. */
export const nodeBase = z.object({
  id: z.string(),
  title: z.string(),
  validFrom: z.number(),
  validTo: z.number(),
  version: z.number().int(),
  versionFrom: z.number(),
});
export type NodeBase = z.infer<typeof nodeBase>;

export interface NodeDefinition<L extends Label = Label, S extends z.ZodObject = z.ZodObject> {
  readonly label: L;
  /** Stored properties beside `nodeBase` and `tenantId`. */
  readonly shape: S;
  /** How `key` is made, for labels whose things come from outside; unique with the tenant, so that imports are idempotent. */
  readonly key?: string;
  /** Whether full-text search finds it by title. */
  readonly searched: boolean;
}

export const defineNode = <const L extends Label, S extends z.ZodObject>(
  definition: NodeDefinition<L, S>,
): NodeDefinition<L, S> => definition;

/** A stored property that may be absent: the database keeps no nulls, rows carry them. */
export const optional = <T extends z.ZodType>(type: T) => type.nullable().default(null);
