import { resolve } from "node:path";

/** What tests take from the environment; only this file reads it. */
export const environment = {
  ci: process.env.CI === "true",
  /** The long forms, as `./throughline test --full` asks for. */
  full: process.env.THROUGHLINE_TEST_FULL === "1",
  /** The real public data; absent outside CI unless it was put there. */
  data: resolve(import.meta.dirname, "../..", process.env.THROUGHLINE_DATA ?? "../shared/data"),
  /** The ffmpeg to render with; without it the one that is found. */
  ffmpeg: process.env.THROUGHLINE_FFMPEG || null,
  cache: process.env.THROUGHLINE_CACHE,
  xdgCache: process.env.XDG_CACHE_HOME,
  /** Whether a test may fetch the tool that it needs; in CI it may. */
  fetchTools: process.env.CI === "true" || process.env.THROUGHLINE_FETCH_TOOLS === "true",
  /** A scratch database to use in place of one of the run's own: `bolt://user:password@host:port`. */
  database: process.env.THROUGHLINE_TEST_DATABASE,
} as const;

/** How many times as long as in the short form a test of random things goes on. */
export const LONGER = environment.full ? 10 : 1;
