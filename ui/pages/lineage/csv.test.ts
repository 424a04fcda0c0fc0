import { expect, test } from "vitest";
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
