import { expect, it } from "vitest";
import { EXPORT_FORMATS as onThePage } from "../../ui/pages/lineage/export-address.js";
import { EXPORT_FORMATS } from "../exports/formats.js";
import { DIRECTIONS } from "../reads/lineage/lineage.query.js";
import { exportCommand } from "./export.js";

it("the command and the page offer every format that the server writes, and every direction", () => {
  const [lineage] = exportCommand().commands;
  const choices = (name: string) => lineage?.options.find((option) => option.attributeName() === name)?.argChoices;
  expect(choices("format")).toEqual(EXPORT_FORMATS);
  expect(onThePage.map(({ format }) => format)).toEqual(EXPORT_FORMATS);
  expect(choices("direction")?.map((direction) => direction.toUpperCase())).toEqual([...DIRECTIONS]);
});
