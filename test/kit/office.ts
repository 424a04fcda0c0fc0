import { DEFAULT_REGION } from "../../server/config.js";
import type { Office } from "../../server/commands/execute.js";
import { compiledPolicy } from "../../server/policy/wasm.js";
import { testGraph } from "./graph.js";

const policy = compiledPolicy();

/** Where tests give their commands: the suite's database, the real policy. */
export const testOffice = (newId?: () => string): Office => ({
  graph: testGraph(),
  region: DEFAULT_REGION,
  regions: [DEFAULT_REGION, "elsewhere"],
  policy,
  ...(newId === undefined ? {} : { newId }),
});
