import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError, processConfig, type Config } from "../config.js";
import { usageError } from "./exit.js";

/** The checkout: the nearest folder above this file with a package.json, whether this runs from dist/ or from source. */
export const projectRoot: string = nearest(dirname(fileURLToPath(import.meta.url)));

function nearest(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("no package.json above this file");
  return nearest(parent);
}

/** This process's configuration; what is wrong with it is a usage error. */
export function cliConfig(): Config {
  try {
    return processConfig(projectRoot);
  } catch (error) {
    if (error instanceof ConfigError) throw usageError(error.problems.join("\n"));
    throw error;
  }
}
