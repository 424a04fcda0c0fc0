import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { allowedInput } from "../../test/kit/policy-input.js";
import type { PolicyInput } from "./decision.js";
import { compiledPolicy, openPolicy } from "./wasm.js";

const wasm = readFileSync(join(import.meta.dirname, "policy.wasm"));
const hash = readFileSync(join(import.meta.dirname, "policy.wasm.sha256"), "utf8").trim();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-policy-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the compiled policy", () => {
  it("tells the hash of what it is, and allows what may be", () => {
    const policy = compiledPolicy();
    expect(policy.hash).toBe(hash);
    expect(policy.decide(allowedInput())).toEqual({ allow: true, denied: [], approvals: 0 });
  });

  it("is refused when a bit of it is another than its hash says", async () => {
    await copyFile(join(import.meta.dirname, "policy.wasm.sha256"), join(folder, "policy.wasm.sha256"));
    const place = wasm.indexOf("tenant-isolation");
    expect(place).toBeGreaterThan(0);
    const forged = Buffer.from(wasm);
    forged[place] = forged[place]! ^ 1;
    await writeFile(join(folder, "policy.wasm"), forged);
    expect(() => compiledPolicy(undefined, folder)).toThrow("isn't the file that policy.wasm.sha256 names");
  });

  it("is refused when it is missing", () => {
    expect(() => compiledPolicy(undefined, join(folder, "nowhere"))).toThrow("ENOENT");
  });

  it("denies what isn't a question at all", () => {
    const policy = compiledPolicy();
    for (const question of [undefined, null, 1, "claim.write", [], {}])
      expect(policy.decide(question as unknown as PolicyInput)).toEqual({
        allow: false,
        denied: ["malformed-input"],
        approvals: 1,
      });
  });

  it("denies aloud what it fails on, and decides the next as before", () => {
    const error = vi.fn<(details: object, message: string) => void>();
    const policy = openPolicy(wasm, { error, warn: () => {} });
    // JSON has no such number, so there is no question to ask.
    const unspeakable = { ...allowedInput(), now: 1n } as unknown as PolicyInput;
    expect(policy.decide(unspeakable)).toEqual({ allow: false, denied: ["policy-unavailable"], approvals: 1 });
    expect(error).toHaveBeenCalledExactlyOnceWith(
      { err: expect.any(TypeError), policy: hash },
      "the policy failed; denied",
    );
    expect(policy.decide(allowedInput())).toMatchObject({ allow: true });
  });

  it("decides a question of megabytes as well, and the next one as before", () => {
    const policy = compiledPolicy();
    const channels = Array.from({ length: 100_000 }, (_, n) => `Channel:${n}`);
    const held = { ...allowedInput(), channels };
    expect(policy.decide(held)).toMatchObject({ allow: true });
    expect(policy.decide({ ...held, subject: { ...held.subject, channels: channels.slice(0, 1) } })).toMatchObject({
      denied: ["channel"],
    });
    expect(policy.decide(allowedInput())).toMatchObject({ allow: true });
  });
});
