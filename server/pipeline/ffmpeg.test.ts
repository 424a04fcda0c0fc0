import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFfmpeg } from "./ffmpeg.js";

/* Programs that say of themselves what ffmpeg would: which one is taken is asked here, not what it renders. */

let folder: string;
const program = async (name: string, says: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho '${says}'\n`);
  await chmod(path, 0o755);
  return path;
};
let mine: string;
let other: string;
let notOne: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-ffmpeg-"));
  mine = await program("mine", "ffmpeg version 7.1 Copyright");
  other = await program("other", "ffmpeg version 5.1.9-0+deb12u1 Copyright");
  notOne = await program("not-one", "a player, version 3");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const places = (packages: Record<string, string> = {}, onPath?: string) => ({
  which: async () => onPath,
  packaged: async (name: string) => packages[name],
});

describe("the ffmpeg that renders", () => {
  it("is the configured one, before a package's, before the PATH's", async () => {
    const both = places({ "ffmpeg-static": other }, other);
    expect(await findFfmpeg(mine, both)).toMatchObject({
      found: true,
      path: mine,
      by: "THROUGHLINE_FFMPEG",
      version: "7.1",
    });
    expect(await findFfmpeg(null, places({ "ffmpeg-static": mine }, other))).toMatchObject({
      path: mine,
      by: "package ffmpeg-static",
    });
    expect(await findFfmpeg(null, places({}, other))).toMatchObject({
      path: other,
      by: "PATH",
      version: "5.1.9-0+deb12u1",
    });
    // A package without a program for this machine is none.
    expect(await findFfmpeg(null, places({ "ffmpeg-static": join(folder, "gone") }, other))).toMatchObject({
      by: "PATH",
    });
  });

  it("is none where there is none, and that says what mends it", async () => {
    expect(await findFfmpeg(null, places())).toMatchObject({
      found: false,
      remedy: expect.stringContaining("apt-get"),
    });
    expect(await findFfmpeg(null, places({}, notOne))).toMatchObject({ found: false });
  });

  it("is never another one in place of a configured one that doesn't run", async () => {
    for (const wrong of [join(folder, "gone"), notOne, folder])
      expect(await findFfmpeg(wrong, places({}, other))).toMatchObject({
        found: false,
        said: expect.stringContaining("THROUGHLINE_FFMPEG"),
      });
  });
});
