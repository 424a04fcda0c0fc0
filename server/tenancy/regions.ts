import { readFile, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ConfigError, type Config } from "../config.js";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a region is lower-case letters, digits and hyphens");

const region = z.strictObject({
  /** The Neo4j that holds the tenants of the region, and its database where that isn't the default one. */
  uri: z.string().regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\/[^\s/]+/, "expected something like neo4j://host:7687"),
  database: z.string().min(1).optional(),
  /** Who we are there, where a tenant is moved to it; the password is the secret `neo4j-password-<region>`. */
  user: z.string().min(1).default("neo4j"),
  /** Folders of the region by what they hold, such as `home: /srv/eu/throughline`. */
  storage: z.record(z.string().min(1), z.string().refine(isAbsolute, "expected an absolute path")).default({}),
  /** Public keys that its audit is signed with, and those of before: `audit key` prints one. */
  auditKeys: z.array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, "expected what `audit key` prints")).default([]),
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
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
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

/** The keys of all regions' audits. */
export const auditKeysOf = (regions: Regions | null): Buffer[] =>
  Object.values(regions ?? {}).flatMap(({ auditKeys }) => auditKeys.map((key) => Buffer.from(key, "base64")));

/** Where a path really is, though the end of it isn't made yet. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(async (error: NodeJS.ErrnoException) => {
    const parent = dirname(path);
    if (error.code !== "ENOENT" || parent === path) throw error;
    return join(await realPath(parent), basename(path));
  });
}

/** The region whose storage a path is in, wherever links lead; the innermost where one lies in another. Null for nobody's. */
export async function regionOfPath(regions: Regions, path: string): Promise<string | null> {
  const wanted = await realPath(resolve(path));
  let found: { readonly name: string; readonly folder: string } | null = null;
  for (const [name, { storage }] of Object.entries(regions)) {
    for (const tagged of Object.values(storage)) {
      const folder = await realPath(tagged);
      if (isWithin(folder, wanted) && (found === null || isWithin(found.folder, folder))) found = { name, folder };
    }
  }
  return found?.name ?? null;
}

/** Where a region keeps its backups: the folder that is tagged so, else `backups` of its home. */
export function backupFolder({ storage }: Regions[string]): string | null {
  if (storage.backups !== undefined) return storage.backups;
  return storage.home === undefined ? null : join(storage.home, "backups");
}

/** The regions that there are; null where no file says so. Throws a ConfigError when this process isn't where the file says. */
export async function loadRegions(config: Placed & Pick<Config, "regionsFile">): Promise<Regions | null> {
  if (config.regionsFile === null) return null;
  const text = await readFile(config.regionsFile, "utf8").catch((error: unknown) => {
    throw new ConfigError([`THROUGHLINE_REGIONS: ${error instanceof Error ? error.message : String(error)}`]);
  });
  const regions = parseRegions(text);
  const problems = misplaced(regions, config);
  if (problems.length > 0) throw new ConfigError(problems);
  return regions;
}
