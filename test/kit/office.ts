import { DEFAULT_REGION } from "../../server/config.js";
import type { Office } from "../../server/commands/execute.js";
import { referencePolicy } from "../../server/policy/reference.js";
import { testGraph } from "./graph.js";

/** Where tests give their commands: the suite's database, the real policy. */
export const testOffice = (newId?: () => string): Office => ({
  graph: testGraph(),
  region: DEFAULT_REGION,
  policy: referencePolicy,
  ...(newId === undefined ? {} : { newId }),
});
