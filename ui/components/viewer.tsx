import { createContext, useContext } from "react";
import { rolesMay, type Right } from "./rights.js";

interface Viewer {
  readonly actor: string;
  readonly roles: readonly string[];
}

const Known = createContext<Viewer | null>(null);

export const ViewerIs = Known.Provider;

/** The login that the page is read as. */
export const useActor = (): string | null => useContext(Known)?.actor ?? null;

/** Whether the viewer's roles allow it, as far as roles decide. */
export const useMay = (right: Right): boolean => rolesMay(useContext(Known)?.roles ?? [], right);
