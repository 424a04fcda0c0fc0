import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRowFile } from "./row-file.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rows-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(content: string | Buffer): Promise<string> {
  const path = join(folder, `${createHash("sha256").update(content).digest("hex").slice(0, 12)}.jsonl`);
  await writeFile(path, content);
  return path;
}

const row = (n: number): string => JSON.stringify({ id: `r${n}`, claim: "é".repeat(n % 7) });

describe("a file of rows", () => {
  it("is one part with the file's own hash when it is small", async () => {
    const text = `${row(1)}\n${row(2)}\n`;
    const rows = await readRowFile(await file(text));
    expect(rows.sha256).toBe(createHash("sha256").update(text).digest("hex"));
    expect(rows.parts).toEqual([{ start: 0, end: Buffer.byteLength(text), firstLine: 1 }]);
  });

  it("is cut at line ends into parts that put together are the file, and know their first line", async () => {
    const lines = Array.from({ length: 500 }, (_, n) => row(n));
    const path = await file(lines.join("\n"));
    const { parts } = await readRowFile(path, 1_000);
    const bytes = await readFile(path);
    const texts = parts.map((part) => bytes.subarray(part.start, part.end).toString("utf8"));
    expect(parts.length).toBeGreaterThan(5);
    expect(texts.join("")).toBe(lines.join("\n"));
    let before = 0;
    for (const [index, text] of texts.entries()) {
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
      expect(parts[index]?.firstLine).toBe(before + 1);
      before += text.split("\n").filter((line) => line !== "").length;
    }
    expect(before).toBe(500);
  });

  it("may have broken rows among good ones", async () => {
    await expect(readRowFile(await file(`not json\n${row(1)}\n{"a":\n`))).resolves.toBeDefined();
    await expect(readRowFile(await file(`[]\n${row(1)}\n`))).resolves.toBeDefined();
  });

  it("may be a table, whose columns are the server's to judge", async () => {
    const path = await file("date,views\n2025-03-01,1\n");
    await expect(readRowFile(path, 1_000, "csv")).resolves.toMatchObject({ parts: [{ start: 0, firstLine: 1 }] });
    await expect(readRowFile(await file("\n"), 1_000, "csv")).rejects.toThrow(/is empty/);
    await expect(readRowFile(await file(Buffer.from([1, 2, 0, 3])), 1_000, "csv")).rejects.toThrow(/CSV in UTF-8/);
  });

  it("refuses a line that fits into no part, naming it", async () => {
    const path = await file(`${row(1)}\n${JSON.stringify({ claim: "x".repeat(2_000) })}\n${row(2)}\n`);
    await expect(readRowFile(path, 1_000)).rejects.toThrow(/^Line 2 of /);
  });
});

describe("what isn't JSON Lines is named for what it is", () => {
  const cases: [string, string | Buffer, RegExp][] = [
    ["gzip", gzipSync(`${row(1)}\n`), /compressed by gzip; unpack it first/],
    ["a ZIP archive", Buffer.from("PK\u0003\u0004rest"), /ZIP archive/],
    ["UTF-16", Buffer.from(`\uFEFF${row(1)}`, "utf16le"), /UTF-16/],
    ["binary", Buffer.from([1, 2, 0, 3]), /binary file/],
    ["Latin-1", Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d, 0x0a]), /isn't text in UTF-8/],
    ["nothing", "", /is empty/],
    ["blank lines", "\n \n\t\n", /is empty/],
    ["a JSON array", `[\n${row(1)},\n${row(2)}\n]\n`, /one JSON array; one object per line/],
    ["an array in one line", `[${row(1)},${row(2)}]`, /one JSON array/],
    ["JSON over several lines", '{\n  "claim": "x"\n}\n', /runs over several lines/],
    ["CSV", "id,claim,evidence\n1,a,b\n2,c,d\n", /isn't JSON Lines: none of its first 3 lines/],
  ];
  it.each(cases)("%s", async (_name, content, message) => {
    await expect(readRowFile(await file(content))).rejects.toThrow(message);
  });

  it("a folder, and a file that isn't there", async () => {
    await expect(readRowFile(folder)).rejects.toThrow(/is a folder/);
    await expect(readRowFile(join(folder, "none.jsonl"))).rejects.toThrow(/There is no file/);
  });
});
