import { expect, it } from "vitest";
import { hear, newsOf, NOTHING_HEARD, type Heard, type Told } from "./live-news.js";

const change = (operationId: string) => ({ operationId, by: `by ${operationId}`, why: `why ${operationId}` });
const told = (...operations: string[]): Told => ({
  ready: false,
  total: operations.length,
  changes: operations.map(change),
});
const READY: Told = { ready: true, total: 0, changes: [] };
const all = (messages: readonly Told[], own: readonly string[] = []): Heard =>
  messages.reduce((heard, one) => hear(heard, one, new Set(own)), NOTHING_HEARD);

it("counts each operation once, and says who did the last of it and why", () => {
  expect(newsOf(all([READY]), NOTHING_HEARD)).toBeNull();
  expect(newsOf(all([READY, told("a")]), NOTHING_HEARD)).toBe("1 change since, the last by by a, “why a”");
  expect(newsOf(all([READY, told("a", "a"), told("a"), told("b")]), NOTHING_HEARD)).toBe(
    "3 changes since, the last by by b, “why b”",
  );
});

it("counts what isn't listed, and leaves out what the page did itself", () => {
  expect(all([{ ...told("a"), total: 1_001 }]).changes).toBe(1_001);
  expect(all([{ ...told("a"), total: 1_001 }], ["a"])).toEqual(NOTHING_HEARD);
  expect(all([told("a", "b")], ["a"])).toMatchObject({ changes: 1, last: { by: "by b" } });
});

it("is no news once it is on screen, and what comes behind it is, whatever its instant", () => {
  const shown = all([READY, told("a")]);
  expect(newsOf(shown, shown)).toBeNull();
  const later = hear(shown, told("b"), new Set());
  expect(newsOf(later, shown)).toBe("1 change since, the last by by b, “why b”");
});

it("says that more may have changed when listening begins anew, until that is asked for again", () => {
  const lost = all([READY, READY]);
  expect(newsOf(lost, NOTHING_HEARD)).toMatch(/^The connection was lost .* may be out of date$/);
  expect(newsOf(hear(lost, told("a"), new Set()), NOTHING_HEARD)).toMatch(/^1 change since, .*there may be more/);
  expect(newsOf(lost, lost)).toBeNull();
  expect(newsOf(hear(lost, READY, new Set()), lost)).toMatch(/out of date/);
});
