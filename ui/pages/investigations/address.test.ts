import { expect, test } from "vitest";
import { addressOf } from "./address.js";

const kept = (address: unknown) => addressOf(JSON.stringify({ address }));

test("a kept view leads to a lineage or a selection of this page", () => {
  expect(kept("/lineage/Claim:01J?direction=upstream&select=Fact:01J")).toBe(
    "/lineage/Claim:01J?direction=upstream&select=Fact:01J",
  );
  expect(kept("/select?q=tier%3A3")).toBe("/select?q=tier%3A3");
});

test.each([
  "https://evil.example/lineage/x",
  "//evil.example",
  "javascript:alert(1)",
  "/sign-out",
  "/lineage/a b",
  7,
  null,
])("%s leads nowhere", (address) => expect(kept(address)).toBeNull());

test("what isn't JSON leads nowhere", () => expect(addressOf("{")).toBeNull());
