import { expect, it } from "vitest";
import { csvCells } from "./csv-cells.js";

it.each([
  ["a,b", ["a", "b"]],
  [" a , b ", ["a", "b"]],
  ["a,,", ["a", "", ""]],
  [",", ["", ""]],
  ["", [""]],
  ['"a,b",c', ["a,b", "c"]],
  ['"say ""so""",""', ['say "so"', ""]],
  ['""""', ['"']],
  ['a"b,c', ['a"b', "c"]],
])("the line %s has its cells", (line, cells) => {
  expect(csvCells(line)).toEqual({ cells });
});

it.each(['"a', 'b,"a', '"a"b', '"a" ,b', '"a""'])("the line %s is no row", (line) => {
  expect(csvCells(line)).toHaveProperty("problem");
});
