import type { Executor } from "./executor.js";
import { embeddedExecutors } from "./executors/embedded.js";
import { plainTemplate } from "./executors/template.js";

/** Every executor that this installation brings. A flow that names another one isn't started. */
export const EXECUTORS: readonly Executor[] = embeddedExecutors(plainTemplate);
