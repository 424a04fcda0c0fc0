import type { Executor } from "./executor.js";

/** Every executor that this installation brings. A flow that names another one isn't started. */
export const EXECUTORS: readonly Executor[] = [];
