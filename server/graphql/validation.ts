import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from "graphql";
import { LIMITS } from "./limits.js";

const tooMany = (what: string, most: number) =>
  new GraphQLError(`The document has too many ${what}: at most ${most}.`, { extensions: { code: "BAD_INPUT" } });

/**
 * Bounds on what one document may ask: aliases, directives, nesting. A `__typename` said again in one selection set counts
 * as an alias; the first is free, because clients with a cache add one to every set.
 */
export function documentLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  let directives = 0;
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(
        new GraphQLError(`There are no ${node.operation}s here.`, { nodes: node, extensions: { code: "BAD_INPUT" } }),
      );
    },
    Field(node) {
      if (node.alias !== undefined) aliases++;
      if ((node.directives?.length ?? 0) > LIMITS.directivesPerField) {
        context.reportError(tooMany("directives on one field", LIMITS.directivesPerField));
      }
    },
    SelectionSet({ selections }) {
      const names = selections.filter(
        (one) => one.kind === Kind.FIELD && !one.alias && one.name.value === "__typename",
      );
      aliases += Math.max(0, names.length - 1);
    },
    Directive() {
      directives++;
    },
    Document: {
      enter(document) {
        const fragments = new Map(
          document.definitions.flatMap((one) =>
            one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
          ),
        );
        const depths = new Map<string, number>();
        for (const definition of document.definitions) {
          if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
          if (depthOf(definition.selectionSet, fragments, depths) > LIMITS.fieldDepth) {
            context.reportError(tooMany("levels of fields", LIMITS.fieldDepth));
          }
        }
      },
      leave() {
        if (aliases > LIMITS.aliases)
          context.reportError(tooMany("aliases (a repeated `__typename` counts as one)", LIMITS.aliases));
        if (directives > LIMITS.directives) context.reportError(tooMany("directives", LIMITS.directives));
      },
    },
  };
}

/** How deep fields nest. Each fragment is measured once, or spreads of spreads would take ages. */
function depthOf(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  depths: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      deepest = Math.max(
        deepest,
        1 + (selection.selectionSet ? depthOf(selection.selectionSet, fragments, depths) : 0),
      );
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      deepest = Math.max(deepest, depthOf(selection.selectionSet, fragments, depths));
    } else {
      deepest = Math.max(deepest, depthOfFragment(selection.name.value, fragments, depths));
    }
  }
  return deepest;
}

function depthOfFragment(
  name: string,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  depths: Map<string, number>,
): number {
  const known = depths.get(name);
  if (known !== undefined) return known;
  // Taken for flat while it is measured: a fragment that contains itself is another rule's business.
  depths.set(name, 0);
  const fragment = fragments.get(name);
  const depth = fragment === undefined ? 0 : depthOf(fragment.selectionSet, fragments, depths);
  depths.set(name, depth);
  return depth;
}
