import { mkdtemp, rename, rm, symlink, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../config.js";
import { configuredDatabase, configuredSecrets } from "./configured.js";
import { folderSecrets } from "./folder.js";
import { firstOf, givenSecrets } from "./secrets.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const put = (name: string, value: string) => writeFile(join(folder, name), value);

describe("a folder of secrets", () => {
  it("has a file for each, without the line end behind it, and is read anew each time", async () => {
    const secrets = folderSecrets(folder);
    expect(await secrets.get("neo4j-password")).toBeNull();
    await put("neo4j-password", "first\n");
    expect(await secrets.get("neo4j-password")).toBe("first");
    await put("neo4j-password", "second");
    expect(await secrets.get("neo4j-password")).toBe("second");
    await put("neo4j-password", "\n");
    expect(await secrets.get("neo4j-password")).toBeNull();
  });

  it("may be swapped as a whole, as platforms do it: a link to another folder", async () => {
    for (const [version, value] of [
      ["v1", "old"],
      ["v2", "new"],
    ] as const) {
      await mkdir(join(folder, version));
      await put(join(version, "link-secret"), value);
    }
    await symlink(join(folder, "v1"), join(folder, "data"));
    const secrets = folderSecrets(join(folder, "data"));
    expect(await secrets.get("link-secret")).toBe("old");
    await symlink(join(folder, "v2"), join(folder, "next"));
    await rename(join(folder, "next"), join(folder, "data"));
    expect(await secrets.get("link-secret")).toBe("new");
  });

  it.each(["../secret", "a/b", ".hidden", "", "A", "a..b", "a\0b", "/etc/passwd"])("isn't left by %j", async (name) => {
    await expect(folderSecrets(folder).get(name)).rejects.toThrow("that isn't the name of a secret");
  });

  it("says what can't be read by name, never by what it holds", async () => {
    await mkdir(join(folder, "token.jwk"));
    await expect(folderSecrets(folder).get("token.jwk")).rejects.toThrow(
      /^the secret token.jwk can't be read: EISDIR$/,
    );
    await put("link-secret", "canary".repeat(5_000));
    const refused = await folderSecrets(folder)
      .get("link-secret")
      .catch((error: Error) => error.message);
    expect(refused).toMatch(/^the secret link-secret is longer than/);
    expect(refused).not.toContain("canary");
  });
});

describe("several places", () => {
  it("are asked in order, and one that fails isn't passed over", async () => {
    const later = givenSecrets({ a: "later", b: "only here" });
    const secrets = firstOf(givenSecrets({ a: "first" }), later);
    expect([await secrets.get("a"), await secrets.get("b"), await secrets.get("c")]).toEqual([
      "first",
      "only here",
      null,
    ]);
    const broken = firstOf({ get: () => Promise.reject(new Error("sealed")) }, later);
    await expect(broken.get("a")).rejects.toThrow("sealed");
  });

  it("are what the configuration says: files before the environment", async () => {
    const env = { THROUGHLINE_SECRETS_FOLDER: folder, NEO4J_URI: "neo4j://db.example:7687", NEO4J_PASSWORD: "given" };
    const config = loadConfig(env, folder);
    const database = configuredDatabase(config)!;
    expect(await database.password()).toBe("given");
    await put("neo4j-password", "mounted");
    expect(await database.password()).toBe("mounted");
    expect(await configuredSecrets(config).get("oidc-client-secret")).toBeNull();
    expect(configuredDatabase(loadConfig({}, folder))).toBeNull();
  });
});
