import { Field, ObjectType } from "type-graphql";
import { VERSIONED, type AnyNode } from "../graph/projection.js";

/** Characters of a value that are told; the whole of it is the node's, at its instant. */
export const MAX_TOLD = 2_000;

@ObjectType({ simpleResolvers: true, description: "A property whose value differs between two versions of a node." })
export class PropertyChange {
  @Field(() => String, { description: "Its name, as it is stored." })
  name!: string;

  @Field(() => String, { nullable: true, description: "Its value before; null where it had none." })
  before!: string | null;

  @Field(() => String, { nullable: true, description: "Its value after; null where it has none." })
  after!: string | null;

  @Field(() => Boolean, {
    description: `True when a value is longer than ${MAX_TOLD} characters and its end was left out: \`node(id, asOf)\` has the whole.`,
  })
  cut!: boolean;
}

/** Stored instants are numbers; by their names they are told from other numbers. */
const INSTANT = /(At|By|From|To|Since|Until)$/;

function textOf(name: string, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number" && INSTANT.test(name)) return new Date(value).toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What differs from `before` to `after`, in the order of the stored shape; without a `before`, everything that has a value. */
export function propertyChanges(before: AnyNode | null, after: AnyNode): PropertyChange[] {
  const [old, young] = [before, after] as readonly (Readonly<Record<string, unknown>> | null)[];
  return VERSIONED[after.label].flatMap((name) => {
    const [was, is] = [textOf(name, old?.[name]), textOf(name, young?.[name])];
    if (was === is) return [];
    const cut = (was?.length ?? 0) > MAX_TOLD || (is?.length ?? 0) > MAX_TOLD;
    return [{ name, before: shortened(was), after: shortened(is), cut }];
  });
}

/** Never ends in half a character. */
const shortened = (text: string | null): string | null =>
  text === null || text.length <= MAX_TOLD ? text : text.slice(0, MAX_TOLD).replace(/[\uD800-\uDBFF]$/, "");
