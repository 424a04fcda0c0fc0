import { expect, test } from "vitest";
import { pinFor, type Pin } from "./pin.js";

const pin: Pin = { about: "a claim, upstream", asOf: "2026-11-21T06:00:00.000Z", first: 100 };

test("the first page is asked for now, and asked again it stays so", () => {
  expect(pinFor(null, pin.about, 100)).toBeNull();
  expect(pinFor(pin, pin.about, 100)).toBeNull();
});

test("more of it is asked for its instant, and so is less again", () => {
  const more = pinFor(pin, pin.about, 200);
  expect(more?.asOf).toBe(pin.asOf);
  expect(pinFor(more, pin.about, 300)?.asOf).toBe(pin.asOf);
  expect(pinFor(more, pin.about, 100)?.asOf).toBe(pin.asOf);
});

test("another question is asked for now", () => {
  expect(pinFor(pin, "a claim, downstream", 200)).toBeNull();
});
