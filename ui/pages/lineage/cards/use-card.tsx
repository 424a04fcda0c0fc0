import { useContext, type ReactNode } from "react";
import { useQuery, type TypedDocumentNode } from "urql";
import { problemOf } from "../../../api/problem.js";
import { ProblemPanel } from "../../../components/problem-panel.js";
import { CardContext } from "./parts.js";
import { Waiting } from "../../../components/waiting.js";

interface CardQuery {
  readonly node?: { readonly id: string } | null;
}

interface Card<D extends CardQuery> {
  /** The node that was asked for, once it is there. */
  readonly node: NonNullable<D["node"]> | null;
  /** What to show while it isn't. */
  readonly instead: ReactNode;
  /** Asks anew, as after a change. */
  readonly again: () => void;
}

/** One node's details at the view's instant. Each card asks for its own label only, so that no field needs another name. */
export function useCard<D extends CardQuery>(
  query: TypedDocumentNode<D, { id: string; asOf?: string | null }>,
  id: string,
): Card<D> {
  const { asOf } = useContext(CardContext);
  const [{ data, error, fetching }, again] = useQuery({ query, variables: { id, asOf } });
  const retry = () => again({ requestPolicy: "network-only" });
  const found = data?.node;
  if (error !== undefined) {
    return { node: null, instead: <ProblemPanel problem={problemOf(error)} retry={retry} />, again: retry };
  }
  if (found != null && found.id === id) return { node: found, instead: null, again: retry };
  if (found === null && !fetching) {
    return { node: null, instead: <ProblemPanel problem={{ kind: "not-found", message: "" }} />, again: retry };
  }
  return { node: null, instead: <Waiting what="Loading the card" size="sm" />, again: retry };
}
