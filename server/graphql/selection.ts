import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from "graphql";

/** Whether the document selects one of `fields` in the resolved field's own field `parent`, fragments included. */
export function selects(info: GraphQLResolveInfo, parent: string, fields: readonly string[]): boolean {
  return some(
    info,
    topOf(info),
    (name, inner) => name === parent && some(info, [inner], (field) => fields.includes(field)),
  );
}

/** Whether the document selects nothing but `fields` of the resolved field, fragments included. */
export function selectsOnly(info: GraphQLResolveInfo, fields: readonly string[]): boolean {
  return !some(info, topOf(info), (name) => !fields.includes(name));
}

type Selected = SelectionSetNode | undefined;
const topOf = (info: GraphQLResolveInfo): Selected[] => info.fieldNodes.map(({ selectionSet }) => selectionSet);

/** Whether a field is wanted, wherever fragments put it. */
function some(
  info: GraphQLResolveInfo,
  sets: readonly Selected[],
  wanted: (name: string, inner: Selected) => boolean,
): boolean {
  return sets.some((set) =>
    set?.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return wanted(selection.name.value, selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) return some(info, [selection.selectionSet], wanted);
      return some(info, [info.fragments[selection.name.value]?.selectionSet], wanted);
    }),
  );
}
