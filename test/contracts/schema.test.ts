import { join } from "node:path";
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from "graphql";
import { describe, expect, it } from "vitest";
import { NODE_LABELS } from "../../graph-schema/catalog.js";
import { printContract } from "../../server/graphql/schema.js";

const SCHEMA = join(import.meta.dirname, "../../server/graphql/schema.graphql");

const sdl = printContract();
const schema = buildSchema(sdl);
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

describe("schema.graphql", () => {
  it("is what the server builds (vitest --update writes it anew)", async () => {
    await expect(sdl).toMatchFileSnapshot(SCHEMA);
  });

  it("says what every field is, and every type but a mutation's own input and answer", () => {
    const spoken = /^(Query|Mutation|Subscription)$|(Input|Payload)$/;
    const silent = types.flatMap((type) => {
      const fields =
        isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
      return [
        ...(type.description || spoken.test(type.name) ? [] : [type.name]),
        ...fields.filter((field) => !field.description).map((field) => `${type.name}.${field.name}`),
      ];
    });
    expect(silent).toEqual([]);
  });

  it("has a GraphNode type for every content label of the catalog, and a NodeLabel value", () => {
    const implementations = types
      .filter((type) => isObjectType(type))
      .filter((type) => type.getInterfaces().some((each) => each.name === "GraphNode"))
      .map((type) => type.name);
    expect(implementations.toSorted()).toEqual([...NODE_LABELS].toSorted());
    const labels = schema.getType("NodeLabel");
    expect(isEnumType(labels) ? labels.getValues().length : 0).toBe(NODE_LABELS.length);
  });
});
