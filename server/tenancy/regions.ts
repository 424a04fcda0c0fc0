import { readFile } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigError, type Config } from "../config.js";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a region is lower-case letters, digits and hyphens");

const region = z.strictObject({
  /** The Neo4j that holds the tenants of the region, and its database where that isn't the default one. */
  uri: z.string().regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\/[^\s/]+/, "expected something like neo4j://host:7687"),
  database: z.string().min(1).optional(),
  /** Folders of the region by what they hold, such as `home: /srv/eu/throughline`. */
  storage: z.record(z.string().min(1), z.string().refine(isAbsolute, "expected an absolute path")).default({}),
});

/** regions.yaml: where each region keeps its data. */
const regionsFile = z.strictObject({ regions: z.record(name, region) });
export type Regions = z.infer<typeof regionsFile>["regions"];

/** Throws a ConfigError with everything that is wrong with the text. */
export function parseRegions(text: string): Regions {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new ConfigError([`regions.yaml: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const parsed = regionsFile.safeParse(value);
  if (parsed.success) return parsed.data.regions;
  throw new ConfigError(parsed.error.issues.map(({ path, message }) => `regions.yaml: ${path.join(".")}: ${message}`));
}

const isWithin = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
};

type Placed = Pick<Config, "region" | "home" | "database">;

/** What keeps this process from being one of its region: its database and its home must be that region's own. */
export function misplaced(regions: Regions, { region: here, home, database }: Placed): string[] {
  const own = regions[here];
  if (own === undefined)
    return [`THROUGHLINE_REGION: regions.yaml has no region ${here}, only ${Object.keys(regions).join(", ")}`];
  const problems: string[] = [];
  if (database?.uri !== own.uri || database.database !== own.database)
    problems.push(
      `NEO4J_URI: the region ${here} keeps its data at ${own.uri}${own.database ? `/${own.database}` : ""}`,
    );
  const folders = Object.values(own.storage);
  if (folders.length > 0 && !folders.some((folder) => isWithin(folder, home)))
    problems.push(`THROUGHLINE_HOME: ${home} is in no storage path of the region ${here}`);
  return problems;
}

/** Throws a ConfigError when the configuration names a file of regions and this process isn't where that says. */
export async function checkRegion(config: Placed & Pick<Config, "regionsFile">): Promise<void> {
  if (config.regionsFile === null) return;
  const text = await readFile(config.regionsFile, "utf8").catch((error: unknown) => {
    throw new ConfigError([`THROUGHLINE_REGIONS: ${error instanceof Error ? error.message : String(error)}`]);
  });
  const problems = misplaced(parseRegions(text), config);
  if (problems.length > 0) throw new ConfigError(problems);
}
