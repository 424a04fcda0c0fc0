import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { claimsCommand } from "./claims.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "claims-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const row = (id: string, more: object = {}) =>
  JSON.stringify({
    id,
    claim: "It has more than 50 arches.",
    evidence: "It has 53 arches.",
    source_title: "Bridge",
    ...more,
  });

async function check(text: string) {
  const [file, out] = [join(folder, "rows.jsonl"), join(folder, "out.csv")];
  await writeFile(file, text);
  let said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((part) => {
    said += String(part);
    return true;
  });
  await claimsCommand().parseAsync(["check", file, "--out", out], { from: "user" });
  return { csv: await readFile(out, "utf8"), said };
}

describe("claims check", () => {
  it("writes a line per row in the file's order", async () => {
    const { csv, said } = await check(
      `\uFEFF${row("b")}\n\n${row('a,"1"', { evidence: "It has 12 arches." })}\r\n${row("c")}`,
    );
    const lines = csv.split("\n");
    expect(lines[0]).toBe("id,verdict,rank,reasons");
    expect(lines[1]).toMatch(/^b,SUPPORTS,-?\d+(\.\d+)?,WORDS_FOUND;NUMBER_HOLDS$/);
    expect(lines[2]).toMatch(/^"a,""1""",REFUTES,-?\d+(\.\d+)?,[A-Z_]+(;[A-Z_]+)*$/);
    expect(lines[3]!.slice(1)).toBe(lines[1]!.slice(1));
    expect(lines.slice(4)).toEqual([""]);
    expect(said).toBe("checked 3 rows, refused 0\n");
    expect(process.exitCode).toBeUndefined();
  });

  it("gives ids byte for byte, whatever a spreadsheet would make of them", async () => {
    const ids = ["=1+1", "+a", "-7", "@x", " padded\t", "'quoted", '=HYPERLINK("x")', "two\r\nlines"];
    const { csv } = await check(ids.map((id) => row(id)).join("\n"));
    const cells = ["=1+1", "+a", "-7", "@x", " padded\t", "'quoted", '"=HYPERLINK(""x"")"', '"two\r\nlines"'];
    const [, ...lines] = csv.split(/,SUPPORTS,[^\n]*\n|^id[^\n]*\n/);
    expect(lines.slice(0, -1)).toEqual(cells);
    const { said } = await check(`${row("a", { id: 9_007_199_254_740_993 })}\n${row("b", { id: 1.5 })}\n${row(" ")}`);
    expect(said.match(/line \d: id must be text/g)).toHaveLength(3);
  });

  it("says the same whatever the labels are", async () => {
    const plain = await check([row("a"), row("b", { evidence: "It has 12 arches." })].join("\n"));
    for (const label of ["SUPPORTS", "REFUTES", "NEI", 7])
      expect(
        (await check([row("a", { label }), row("b", { evidence: "It has 12 arches.", label })].join("\n"))).csv,
      ).toBe(plain.csv);
  });

  it("tells a broken row by line and field, does the others, and fails", async () => {
    const { csv, said } = await check([row("a"), row("b", { claim: 5 }), "not json", row("c")].join("\n"));
    expect(csv.split("\n").map((line) => line.split(",")[0])).toEqual(["id", "a", "c", ""]);
    expect(said).toContain("line 2: claim must be text\n");
    expect(said).toContain("line 3: The line is no JSON.\n");
    expect(said).toContain("checked 2 rows, refused 2\n");
    expect(process.exitCode).toBe(1);
  });

  it("says what isn't a file of rows, and writes nothing", async () => {
    await rm(join(folder, "out.csv"), { force: true });
    await expect(check("just text\n")).rejects.toThrow(/isn't JSON Lines/);
    await expect(check("")).rejects.toThrow(/is empty/);
    expect(await readdir(folder)).toEqual(["rows.jsonl"]);
  });
});
