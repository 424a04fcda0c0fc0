import { dropResults } from "./drop-results.job.js";
import type { Job } from "./job.js";

/** Every job there is. */
export const JOBS: readonly Job[] = [dropResults];
