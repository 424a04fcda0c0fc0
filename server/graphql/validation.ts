import { GraphQLError, Kind, type ASTVisitor, type FragmentDefinitionNode, type SelectionSetNode, type ValidationContext } from "graphql";
import { LIMITS } from "./limits.js";

const tooMany = (what: string, most: number) => new GraphQLError(`The document has too many ${what}: at most ${most}.`, { extensions: { code: "BAD_INPUT" } });

/** Bounds on what one document may ask: aliases (a `__typename` counts as one), directives, nesting. */
export function documentLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    Field(node) {
      if (node.alias !== undefined || node.name.value === "__typename") aliases++;
      if ((node.directives?.length ?? 0) > LIMITS.directivesPerField) {
        context.reportError(tooMany("directives on one field", LIMITS.directivesPerField));
      }
    },
    Directive() {
      directives++;
    },
    Document: {
      enter(document) {
        const fragments = new Map(
          document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
        );
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
          if (depthOf(definition.selectionSet, fragments, new Set()) > LIMITS.fieldDepth) {
            context.reportError(tooMany("levels of fields", LIMITS.fieldDepth));
          }
        }
      },
      leave() {
        if (aliases > LIMITS.aliases) context.reportError(tooMany("aliases, `__typename` counted,", LIMITS.aliases));
        if (directives > LIMITS.directives) context.reportError(tooMany("directives", LIMITS.directives));
      },
    },
  };
}

function depthOf(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, open: ReadonlySet<string>): number {
  let deepest = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.selectionSet) deepest = Math.max(deepest, 1 + depthOf(selection.selectionSet, fragments, open));
      else deepest = Math.max(deepest, 1);
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, depthOf(selection.selectionSet, fragments, open));
    } else {
      const name = selection.name.value;
      const fragment = fragments.get(name);
      // A fragment that contains itself is another rule's business.
      if (fragment !== undefined && !open.has(name)) {
        deepest = Math.max(deepest, depthOf(fragment.selectionSet, fragments, new Set(open).add(name)));
      }
    }
    if (deepest > LIMITS.fieldDepth) return deepest;
  }
  return deepest;
}
