import { useCallback, useRef, useState } from "react";
import { useClient, type TypedDocumentNode } from "urql";
import { madeHere } from "./made-here.js";
import { problemOf } from "./problem.js";

interface Asked {
  readonly operationId: string;
  readonly reason: string;
}
/** What every payload has. */
interface Payload {
  readonly problems: readonly { readonly message: string; readonly path: string }[];
}
type Answer = Readonly<Record<string, Payload | string | undefined>>;

export interface Act<Data, Input extends Asked> {
  /** Null when nothing was done; `problems` then say why. */
  act(input: Omit<Input, "operationId">): Promise<Data | null>;
  readonly problems: readonly string[];
  readonly busy: boolean;
}

/** Random also where the page isn't in a secure context, which `randomUUID` asks for. */
function newOperationId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `page/${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** One mutation. Where the answer was lost, the same input asks again under the same operation id, so it is done once. */
export function useAct<Data extends object, Input extends Asked>(
  document: TypedDocumentNode<Data, { input: Input }>,
): Act<Data, Input> {
  const client = useClient();
  const lost = useRef<{ input: string; operationId: string } | null>(null);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);
  const act = useCallback(
    async (input: Omit<Input, "operationId">): Promise<Data | null> => {
      const words = JSON.stringify(input);
      const operationId = lost.current?.input === words ? lost.current.operationId : newOperationId();
      madeHere.add(operationId);
      setBusy(true);
      setProblems([]);
      const { data, error } = await client
        .mutation(document, { input: { ...input, operationId } as Input })
        .toPromise();
      setBusy(false);
      lost.current = error?.networkError === undefined ? null : { input: words, operationId };
      if (error !== undefined) {
        const { message, kind } = problemOf(error);
        setProblems([kind === "unreachable" ? "The server can't be reached. Nothing is lost: try again." : message]);
        return null;
      }
      const refused = Object.values((data ?? {}) as Answer).flatMap((payload) =>
        typeof payload === "object" ? payload.problems.map(({ message }) => message) : [],
      );
      setProblems(refused);
      return data === undefined || data === null || refused.length > 0 ? null : data;
    },
    [client, document],
  );
  return { act, problems, busy };
}
