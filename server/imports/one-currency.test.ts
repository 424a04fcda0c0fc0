import { expect, it } from "vitest";
import { OneCurrency } from "./one-currency.js";

it("a file has the currency that its first amount has", () => {
  const file = new OneCurrency();
  expect(file.faultOf(null, 2)).toBeNull();
  expect(file.faultOf("EUR", 3)).toBeNull();
  expect(file.faultOf("USD", 4)).toMatchObject({ path: "currency", message: expect.stringContaining("line 3") });
  expect(file.faultOf("EUR", 5)).toBeNull();
  expect(file.faultOf(null, 6)).toBeNull();
});
