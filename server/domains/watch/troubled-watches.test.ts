import { expect, it } from "vitest";
import { KEPT_MS, TroubledWatches } from "./troubled-watches.js";

const NOW = 10 * KEPT_MS;
const event = (id: string, at = NOW) => ({ id, operationId: `op-${id}`, at });
const ids = (events: readonly { id: string }[]) => events.map(({ id }) => id);

it("keeps events only for what couldn't be looked over, and not for ever", () => {
  const troubled = new TroubledWatches(() => NOW);
  const events = [event("a", NOW - KEPT_MS), event("b", NOW - KEPT_MS + 1), event("c"), event("d")];
  const all = troubled.part(events, { missed: 0, full: true });
  expect([ids(all.gone), ids(all.kept), all.given]).toEqual([["a", "b", "c", "d"], [], 0]);
  const some = troubled.part(events, { missed: 1, full: false });
  expect([ids(some.gone), ids(some.kept), some.given]).toEqual([["a"], ["b", "c", "d"], 1]);
  // Where no room is left, the older half goes, so that what is new comes in.
  const full = troubled.part(events, { missed: 1, full: true });
  expect([ids(full.gone), ids(full.kept), full.given]).toEqual([["a", "b"], ["c", "d"], 2]);
  const past = troubled.part([event("a", 0)], { missed: 1, full: false });
  expect([ids(past.gone), past.given]).toEqual([["a"], 1]);
});

it("knows who is behind until a go is committed in which they caught up", () => {
  const troubled = new TroubledWatches(() => NOW);
  troubled.failed("t", "hub 12");
  troubled.done("t", { caughtUp: [], kept: [event("a")] });
  expect([troubled.isKept("t", "a"), troubled.isKept("t", "b"), troubled.isKept("other", "a")]).toEqual([
    true,
    false,
    false,
  ]);
  // Tried again at once, then ever more seldom; behind all the while.
  expect(troubled.turn("t", ["hub 12", "claim 3"])).toEqual({ behind: new Set(["hub 12"]), resting: new Set() });
  troubled.failed("t", "hub 12");
  expect(troubled.turn("t", ["hub 12"]).resting).toEqual(new Set(["hub 12"]));
  expect(troubled.turn("other", ["hub 12"]).behind).toEqual(new Set());
  troubled.done("t", { caughtUp: ["hub 12"], kept: [] });
  expect([troubled.turn("t", ["hub 12"]).behind.size, troubled.isKept("t", "a")]).toEqual([0, false]);
});

it("forgets what isn't watched any more", () => {
  const troubled = new TroubledWatches(() => NOW);
  troubled.failed("t", "hub 12");
  troubled.turn("t", ["claim 3"]);
  expect(troubled.turn("t", ["hub 12"]).behind).toEqual(new Set());
});
