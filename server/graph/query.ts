import { z } from "zod";

/**
 * A named, constant Cypher text with typed parameters and a decoded row. Nothing else reaches the driver.
 * `tenant` queries must seek by `$tenantId`, which the graph adds itself; `platform` ones run across tenants and are few.
 * Every query is in the list of server/queries.ts, and a test explains each against the real database.
 */
export interface Query<P = never, R = unknown> {
  readonly name: string;
  readonly mode: "read" | "write";
  readonly scope: "tenant" | "platform";
  readonly cypher: string;
  readonly row: z.ZodType<R>;
  /** Only a type: never holds a value. */
  readonly params?: P;
}

/** For lists of queries whatever their parameters. */
// oxlint-disable-next-line typescript/no-explicit-any -- parameters are contravariant, so only `any` holds them all
export type AnyQuery = Query<any, unknown>;

/** Declares the parameters of a query beside its text: `params: params<{ id: string }>()`. */
export const params = <P>(): P => undefined as P;

export function defineQuery<P, R>(query: {
  readonly name: string;
  readonly mode: "read" | "write";
  readonly scope: "tenant" | "platform";
  readonly params?: P;
  readonly cypher: string;
  readonly row: z.ZodType<R>;
}): Query<P, R> {
  return query;
}

/** Rows of a statement that is run for its effect. */
export const noRow = z.object({});
