import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "./project.js";

/** Each is a vitest project of the same name. */
export const SUITES = ["unit", "integration", "e2e", "security", "faults", "load", "hostile"] as const;
export type Suite = (typeof SUITES)[number];

const TEST_FILE = /\.(test|e2e)\.tsx?$/;

/** The suites that have tests in this checkout: unit tests stand beside their code, the others in test/<suite>/. */
export async function suitesWithTests(): Promise<ReadonlySet<Suite>> {
  const present = new Set<Suite>(["unit"]);
  for (const suite of SUITES) {
    const files = await readdir(join(projectRoot, "test", suite), { recursive: true }).catch(() => []);
    if (files.some((file) => TEST_FILE.test(file))) present.add(suite);
  }
  return present;
}
