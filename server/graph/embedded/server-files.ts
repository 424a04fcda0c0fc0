import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { which } from "./java.js";
import { waitForLock } from "./owner-lock.js";
import { EmbeddedError } from "./problem.js";
import type { Release } from "./releases.js";

const manifestShape = z.object({
  version: z.string(),
  files: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string() })).min(1),
});
type Manifest = z.infer<typeof manifestShape>;

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";
const NEEDED_BYTES = 400e6;

const folder = (cache: string, release: Release): string => join(cache, `neo4j-${release.version}`);

/** Where the server's jars are, or undefined when they were never fetched. Throws when what is there is damaged. */
export async function cachedServer(cache: string, release: Release): Promise<string | undefined> {
  const root = folder(cache, release);
  if ((await stat(root).catch(() => undefined)) === undefined) return undefined;
  const damage = await findDamage(root, release, "size");
  if (damage !== undefined) throw corrupt(root, damage);
  return join(root, "lib");
}

interface Fetching {
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** As cachedServer, fetching the server first when it isn't there. Several processes may ask at once. */
export async function provideServer(cache: string, release: Release, { progress, signal }: Fetching): Promise<string> {
  const cached = await cachedServer(cache, release);
  if (cached !== undefined) return cached;
  await mkdir(cache, { recursive: true });
  const lock = await waitForLock(join(cache, `neo4j-${release.version}.lock`), (owner) =>
    progress(`waiting for process ${owner.pid}, which is fetching Neo4j ${release.version}`),
  );
  try {
    const meanwhile = await cachedServer(cache, release);
    if (meanwhile !== undefined) return meanwhile;
    await removeLeftovers(cache, release);
    const partial = join(cache, `neo4j-${release.version}.partial-${process.pid}`);
    await fetchInto(partial, release, { progress, signal });
    await rename(partial, folder(cache, release));
    return join(folder(cache, release), "lib");
  } finally {
    await lock.release();
  }
}

/** What is wrong with the cached server, comparing every byte; undefined when it is whole or was never fetched. */
export async function checkServerFiles(
  cache: string,
  release: Release,
): Promise<{ files: number; problem?: string } | undefined> {
  const root = folder(cache, release);
  if ((await stat(root).catch(() => undefined)) === undefined) return undefined;
  const damage = await findDamage(root, release, "sha256");
  if (damage !== undefined) return { files: 0, problem: corrupt(root, damage).message };
  return { files: (await readManifest(root)).files.length };
}

function corrupt(root: string, damage: string): EmbeddedError {
  return new EmbeddedError(
    "cache",
    `The copy of Neo4j in ${root} is damaged (${damage}); remove that folder and start again, it is fetched anew.`,
  );
}

async function readManifest(root: string): Promise<Manifest> {
  return manifestShape.parse(JSON.parse(await readFile(join(root, "manifest.json"), "utf8")));
}

async function findDamage(root: string, release: Release, by: "size" | "sha256"): Promise<string | undefined> {
  const manifest = await readManifest(root).catch(() => undefined);
  if (manifest === undefined) return "manifest.json can't be read";
  if (manifest.version !== release.version) return `manifest.json is of version ${manifest.version}`;
  const present = await readdir(join(root, "lib")).catch(() => []);
  const known = new Set(manifest.files.map((file) => file.name));
  const stranger = present.find((name) => !known.has(name));
  // A jar that we didn't put there would be on the class path too.
  if (stranger !== undefined) return `lib/${stranger} doesn't belong there`;
  for (const file of manifest.files) {
    const path = join(root, "lib", file.name);
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined) return `lib/${file.name} is missing`;
    if (size !== file.size) return `lib/${file.name} has ${size} bytes instead of ${file.size}`;
    if (by === "sha256" && (await sha256(path)) !== file.sha256)
      return `lib/${file.name} has another SHA-256 than when it was fetched`;
  }
  return undefined;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function removeLeftovers(cache: string, release: Release): Promise<void> {
  const partials = (await readdir(cache)).filter((name) => name.startsWith(`neo4j-${release.version}.partial-`));
  await Promise.all(partials.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

async function fetchInto(target: string, release: Release, { progress, signal }: Fetching): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(target));
  if (bavail * bsize < NEEDED_BYTES) {
    throw new EmbeddedError(
      "disk",
      `Fetching Neo4j needs about 400 MB, but the disk of ${dirname(target)} has ${Math.floor((bavail * bsize) / 1e6)} MB free; make room or set THROUGHLINE_CACHE to another disk.`,
    );
  }
  await mkdir(join(target, "lib"), { recursive: true });
  await writeFile(join(target, "pom.xml"), pom(release));
  progress(`fetching Neo4j ${release.version} through Maven (about 120 MB, once)`);
  try {
    await runMaven(target, release, { progress, signal });
    const names = (await readdir(join(target, "lib"))).sort();
    if (!names.includes(`neo4j-${release.version}.jar`)) {
      throw new EmbeddedError(
        "fetch",
        `Maven ended well but fetched no neo4j-${release.version}.jar; look at its settings.xml and run again.`,
      );
    }
    const files: Manifest["files"] = [];
    for (const name of names) {
      const path = join(target, "lib", name);
      files.push({ name, size: (await stat(path)).size, sha256: await sha256(path) });
    }
    await writeFile(
      join(target, "manifest.json"),
      JSON.stringify({ version: release.version, files } satisfies Manifest, null, 1),
    );
    progress(
      `fetched Neo4j ${release.version}: ${files.length} files, ${Math.round(files.reduce((sum, file) => sum + file.size, 0) / 1e6)} MB`,
    );
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
}

// -C fails on a checksum that doesn't match, where Maven by itself would only warn.
async function runMaven(target: string, release: Release, { progress, signal }: Fetching): Promise<void> {
  const maven = await which("mvn");
  if (maven === undefined)
    throw new EmbeddedError(
      "fetch",
      "Maven isn't installed; install it (such as `apt-get install maven`) and start again.",
    );
  const child = spawn(
    maven,
    [
      "-B",
      "-C",
      "-Dstyle.color=never",
      "-f",
      join(target, "pom.xml"),
      `${PLUGIN}:copy-dependencies`,
      `-DoutputDirectory=${join(target, "lib")}`,
      "-DincludeScope=runtime",
    ],
    { cwd: target, stdio: ["ignore", "pipe", "pipe"], ...(signal === undefined ? {} : { signal }) },
  );
  const problems: string[] = [];
  let jars = 0;
  const read = (line: string): void => {
    if (/^\[(ERROR|FATAL)\]/.test(line)) problems.push(line.replace(/^\[\w+\]\s*/, ""));
    if (/(Downloaded|Copying) .*\.jar/.test(line)) {
      jars += 1;
      if (jars % 25 === 0) progress(`fetching Neo4j ${release.version}: ${jars} steps done`);
    }
  };
  createInterface({ input: child.stdout }).on("line", read);
  createInterface({ input: child.stderr }).on("line", read);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  const why = problems.find((line) => line.length > 0) ?? `exit code ${code}`;
  if (/No space left/i.test(problems.join(" ")))
    throw new EmbeddedError("disk", `The disk of ${target} is full; make room and start again.`);
  throw new EmbeddedError(
    "fetch",
    `Maven couldn't fetch Neo4j ${release.version} (${why.slice(0, 300)}); check the network, a proxy or mirror in Maven's settings.xml, and start again.`,
  );
}

function pom(release: Release): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>throughline</groupId>
  <artifactId>embedded-neo4j</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId>
      <artifactId>neo4j</artifactId>
      <version>${release.version}</version>
    </dependency>
  </dependencies>
</project>
`;
}
