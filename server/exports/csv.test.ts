import { expect, it } from "vitest";
import { parseCsv } from "../../test/kit/csv.js";
import { seeded } from "../../test/kit/random.js";
import {
  edgeOf,
  EXPORTED_AT,
  HOSTILE,
  lineageOf,
  nodeOf,
  randomLineage,
  textOf,
} from "../../test/kit/whole-lineage.js";
import { toCsv as pageCsv } from "../../ui/pages/lineage/csv.js";
import { csvCell, CSV_HEADER, toCsv } from "./csv.js";

it("writes a row for each edge, with both ends by id, kind and title, and who drew it, when and why", async () => {
  const [claim, fact] = [nodeOf("Claim", { title: "It costs 5, they say" }), nodeOf("Fact")];
  expect(await textOf(toCsv(lineageOf([claim, fact], [edgeOf("SUPPORTED_BY", claim, fact)])))).toBe(
    `from_id,from_label,from_title,type,to_id,to_label,to_title,valid_from,valid_to,by,why\r\n${claim.id},Claim,"It costs 5, they say",SUPPORTED_BY,${fact.id},Fact,A Fact,${new Date(EXPORTED_AT - 9_000).toISOString()},9999-12-31T23:59:59.999Z,Tess Tester,a test\r\n`,
  );
});

it("has each row on one physical line, and no cell that a spreadsheet runs, whatever the texts are", async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const lineage = randomLineage(seeded(seed));
    const text = await textOf(toCsv(lineage));
    expect(text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)).toHaveLength(lineage.edges + 2);
    const [header, ...rows] = parseCsv(text);
    expect(header).toEqual([...CSV_HEADER]);
    expect(rows).toHaveLength(lineage.edges);
    for (const row of rows) {
      expect(row).toHaveLength(CSV_HEADER.length);
      for (const cell of row) expect(cell.trimStart()).not.toMatch(/^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/);
    }
  }
});

it("keeps a text as it is but for line ends and the apostrophe before what would be a formula", () => {
  const read = (text: string) => parseCsv(`${csvCell(text)}\r\n`)[0]![0]!;
  for (const text of HOSTILE) {
    const line = text.replaceAll(/[ \t]*[\n\r\u0085\u2028\u2029]+[ \t]*/g, " ");
    expect([line, `'${line}`]).toContain(read(text));
    expect(read(text).startsWith("'")).toBe(/^\s*[=+\-@\uFF1D]|^\t/.test(text));
  }
  expect(read("two\nlines")).toBe("two lines");
  expect(read("=1+1")).toBe("'=1+1");
});

it("knows the title of an end that stood on an earlier page", async () => {
  const nodes = Array.from({ length: 8 }, (_, i) => nodeOf("Source", { title: `Source ${i}` }));
  const edges = nodes.map((node) => edgeOf("CITES", nodes[7]!, node));
  const [, ...rows] = parseCsv(await textOf(toCsv(lineageOf(nodes, edges, 2))));
  expect(rows.map((row) => row[6])).toEqual(nodes.map(({ title }) => title));
});

it("writes cells as the page's tables do", () => {
  for (const text of [
    ...HOSTILE,
    "plain",
    "",
    'a "b", c',
    "=1+1",
    "  =1+1",
    "\u00A0@x",
    "\uFF1D1",
    "\uFF0B1",
    "\uFF0D1",
    "\uFF20x",
    "\t=1",
    "\r=1",
    "\n=1",
    "one\u2028two\u0085three\vfour",
    "a\tb",
    "-2 degrees",
    "a=b",
  ])
    expect(pageCsv([], [[text]]), JSON.stringify(text)).toBe(`\uFEFF\r\n${csvCell(text)}\r\n`);
});
