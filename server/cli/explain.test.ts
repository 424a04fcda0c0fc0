import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuditTampered } from "../audit/tampered.js";
import { DomainError } from "../errors.js";
import { explain } from "./explain.js";
import { fileProblem } from "./file-problem.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-explain-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As the system throws it. */
const failed = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: it failed`), { code, syscall: "open", ...(path === undefined ? {} : { path }) });

describe("what went wrong", () => {
  it.each([
    ["EACCES", 2, "the right to"],
    ["EPERM", 2, "the right to"],
    ["ENOTDIR", 2, "no folder"],
    ["EISDIR", 2, "name a file"],
    ["EROFS", 1, "only be read"],
    ["ENOSPC", 1, "make room"],
    ["EDQUOT", 1, "make room"],
  ])("with a file (%s) is told with the file and a remedy, and is no bug of ours", (code, exitCode, remedy) => {
    const told = explain(failed(code, "/srv/backups/x"));
    expect(told).toEqual({ exitCode, text: expect.stringContaining(remedy) });
    expect(told.text).toContain("/srv/backups/x");
    expect(told.text).toContain(code);
    expect(told.text).not.toContain("bug");
    // A write that fails knows no path.
    expect(explain(failed(code)).text).not.toContain("undefined");
  });

  it("is told of real files, too", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const below = await readFile(join(file, "below")).catch((error: unknown) => error);
    expect(explain(below)).toMatchObject({ exitCode: 2, text: expect.stringContaining(join(file, "below")) });
    const missing = await readFile(join(folder, "missing")).catch((error: unknown) => error);
    expect(fileProblem(missing)).toMatchObject({ exitCode: 2 });
    // Whose file isn't there is for the command to say: of ours it is a bug.
    expect(explain(missing).text).toContain("a bug of ours");
  });

  it("with the audit names the tenant and what to run", () => {
    const told = explain(new AuditTampered("acme", "nobody signed its tree of 7 entries"));
    expect(told).toEqual({ exitCode: 1, text: expect.stringContaining("`audit verify --tenant acme`") });
  });

  it("is a bug of ours when nobody foresaw it, also by an error with a code that isn't the system's", () => {
    for (const error of [new TypeError("x is undefined"), Object.assign(new Error("no"), { code: "EACCES" })])
      expect(explain(error)).toMatchObject({ exitCode: 1, text: expect.stringContaining("a bug of ours") });
    expect(explain(new DomainError("UNAVAILABLE", "Try again."))).toEqual({ exitCode: 1, text: "Try again." });
  });
});
