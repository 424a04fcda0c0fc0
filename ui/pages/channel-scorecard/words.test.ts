import { expect, it } from "vitest";
import { figure } from "./words.js";

it("a figure has its unit, and what isn't known is no zero", () => {
  expect(figure(null, "SHARE")).toBe("–");
  expect(figure(0, "SHARE")).toBe("0 %");
  expect(figure(0.5234, "SHARE")).toBe("52.3 %");
  expect(figure(1234.5, "MONEY", "EUR")).toBe("1,234.50 EUR");
  expect(figure(0.25, "VIDEOS_PER_WEEK")).toBe("0.25 a week");
  expect(figure(12, "VIDEOS")).toBe("12");
});
