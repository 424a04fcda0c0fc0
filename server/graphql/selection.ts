import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from "graphql";

/** Whether the document selects one of `fields` in the resolved field's own field `parent`, fragments included. */
export function selects(info: GraphQLResolveInfo, parent: string, fields: readonly string[]): boolean {
  const within = (
    set: SelectionSetNode | undefined,
    wanted: (name: string, set: SelectionSetNode | undefined) => boolean,
  ): boolean =>
    (set?.selections ?? []).some((selection) => {
      if (selection.kind === Kind.FIELD) return wanted(selection.name.value, selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet, wanted);
      return within(info.fragments[selection.name.value]?.selectionSet, wanted);
    });
  return info.fieldNodes.some(({ selectionSet }) =>
    within(selectionSet, (name, inner) => name === parent && within(inner, (field) => fields.includes(field))),
  );
}
