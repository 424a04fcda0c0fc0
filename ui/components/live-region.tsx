import { VisuallyHidden } from "@mantine/core";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";

const Announce = createContext<(message: string) => void>(() => undefined);

/** Says things to those who can't see them happen: loading, results, moves in the graph. */
export const useAnnounce = () => useContext(Announce);

export function LiveRegion({ children }: { readonly children: ReactNode }) {
  const [message, setMessage] = useState({ text: "", turn: 0 });
  const announce = useCallback((text: string) => setMessage((last) => ({ text, turn: last.turn + 1 })), []);
  return (
    <Announce value={announce}>
      {children}
      <VisuallyHidden>
        <div role="status" aria-live="polite">
          {/* A new key makes the same words be said again. */}
          <span key={message.turn}>{message.text}</span>
        </div>
      </VisuallyHidden>
    </Announce>
  );
}
