import { resolve } from "node:path";

/** What tests take from the environment; only this file reads it. */
export const environment = {
  ci: process.env.CI === "true",
  /** The real public data; absent outside CI unless it was put there. */
  data: resolve(import.meta.dirname, "../..", process.env.THROUGHLINE_DATA ?? "../shared/data"),
  cache: process.env.THROUGHLINE_CACHE,
  xdgCache: process.env.XDG_CACHE_HOME,
} as const;
