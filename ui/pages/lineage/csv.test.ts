import { expect, test } from "vitest";
import { csvCell } from "../../../server/exports/csv.js";
import { toCsv } from "./csv.js";

test("commas and quotes are quoted, a row is one line, and numbers stay numbers", () => {
  expect(
    toCsv(
      ["title", "hops"],
      [
        ['says "yes", twice', 1],
        ["two\nlines", 0],
      ],
    ),
  ).toBe('\uFEFFtitle,hops\r\n"says ""yes"", twice",1\r\ntwo lines,0\r\n');
});

test("a title that a spreadsheet would run is disarmed", () => {
  expect(toCsv(["t"], [["=1+1"], ["@x"], ["-2 degrees"]])).toBe("\uFEFFt\r\n'=1+1\r\n'@x\r\n'-2 degrees\r\n");
});

test("cells are the server's", () => {
  for (const text of [
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
    expect(toCsv([], [[text]]), JSON.stringify(text)).toBe(`\uFEFF\r\n${csvCell(text)}\r\n`);
});
