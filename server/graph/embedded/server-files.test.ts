import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RELEASES } from "./releases.js";
import { cachedServer, checkServerFiles } from "./server-files.js";

const release = RELEASES.lts;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cache-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

let count = 0;
async function cache(version: string = release.version): Promise<{ cache: string; lib: string }> {
  count += 1;
  const folder = join(root, String(count));
  const server = join(folder, `neo4j-${release.version}`);
  const lib = join(server, "lib");
  await mkdir(lib, { recursive: true });
  const files = [];
  for (const name of ["a.jar", "b.jar"]) {
    await writeFile(join(lib, name), name);
    files.push({ name, size: name.length, sha256: createHash("sha256").update(name).digest("hex") });
  }
  await writeFile(join(server, "manifest.json"), JSON.stringify({ version, files }));
  return { cache: folder, lib };
}

describe("the cached server", () => {
  it("is used when all of it is there", async () => {
    const { cache: folder, lib } = await cache();
    expect(await cachedServer(folder, release)).toBe(lib);
    expect(await checkServerFiles(folder, release)).toEqual({ files: 2 });
  });

  it("is absent, not damaged, before it was fetched", async () => {
    expect(await cachedServer(join(root, "none"), release)).toBeUndefined();
    expect(await checkServerFiles(join(root, "none"), release)).toBeUndefined();
  });

  it("is refused with the remedy when a file is missing, longer, or a stranger", async () => {
    const missing = await cache();
    await rm(join(missing.lib, "a.jar"));
    await expect(cachedServer(missing.cache, release)).rejects.toThrow(
      /lib\/a\.jar is missing.*remove that folder and start again/,
    );
    const longer = await cache();
    await appendFile(join(longer.lib, "b.jar"), "x");
    await expect(cachedServer(longer.cache, release)).rejects.toThrow(/lib\/b\.jar has 6 bytes instead of 5/);
    const stranger = await cache();
    await writeFile(join(stranger.lib, "evil.jar"), "x");
    await expect(cachedServer(stranger.cache, release)).rejects.toThrow(/lib\/evil\.jar doesn't belong there/);
  });

  it("is refused when its manifest is gone, half written or of another version", async () => {
    const gone = await cache();
    await rm(join(gone.lib, "..", "manifest.json"));
    await expect(cachedServer(gone.cache, release)).rejects.toThrow(/manifest\.json can't be read/);
    const half = await cache();
    await writeFile(join(half.lib, "..", "manifest.json"), '{"version":"5.');
    await expect(cachedServer(half.cache, release)).rejects.toThrow(/manifest\.json can't be read/);
    const other = await cache("5.26.1");
    await expect(cachedServer(other.cache, release)).rejects.toThrow(/of version 5\.26\.1/);
  });

  it("is found out by its hashes when a file was changed in place", async () => {
    const { cache: folder, lib } = await cache();
    await writeFile(join(lib, "a.jar"), "A.jar");
    expect(await cachedServer(folder, release)).toBe(lib);
    expect((await checkServerFiles(folder, release))?.problem).toMatch(/lib\/a\.jar has another SHA-256/);
  });
});
