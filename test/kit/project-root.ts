import { resolve } from "node:path";

/** The checkout. */
export const projectRoot = resolve(import.meta.dirname, "../..");
