import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import { environment } from "../../test/kit/env.js";

const MINUTES = 60_000;

/** The tool that Rego is written for; only whoever changes the policy needs it. */
const opa = (...args: string[]) =>
  promisify(execFile)(
    "env",
    [`OPA_FETCH=${environment.fetchTools ? "yes" : "no"}`, join(import.meta.dirname, "opa.sh"), ...args],
    { timeout: 8 * MINUTES },
  );

describe("the policy's text", () => {
  let found = false;
  beforeAll(async () => {
    found = await opa("find").then(
      () => true,
      (error: { code?: unknown }) => {
        if (error.code !== 3) throw error;
        return false;
      },
    );
  }, 9 * MINUTES);
  const needTool = ({ skip }: TestContext) => {
    if (found) return;
    // oxlint-disable-next-line no-console -- a skipped test says so
    console.warn("SKIPPED: there is no opa here; set THROUGHLINE_FETCH_TOOLS=true to have Go build it");
    skip();
  };

  it("passes its own tests, and reads as the tool would write it", async (context) => {
    needTool(context);
    expect((await opa("test")).stdout).toMatch(/^PASS: \d+\/\d+\n$/);
  });

  it("is what policy.wasm was compiled from (npm run policy compiles it anew)", async (context) => {
    needTool(context);
    const fresh = await mkdtemp(join(tmpdir(), "throughline-policy-"));
    try {
      await opa("build", fresh);
      for (const name of ["policy.wasm", "policy.wasm.sha256"])
        expect((await readFile(join(fresh, name))).equals(await readFile(join(import.meta.dirname, name))), name).toBe(
          true,
        );
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
});
