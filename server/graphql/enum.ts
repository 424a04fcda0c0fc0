/** A list of names as the object that type-graphql wants. */
export const enumOf = <const T extends string>(names: readonly T[]): { readonly [N in T]: N } =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [N in T]: N };
