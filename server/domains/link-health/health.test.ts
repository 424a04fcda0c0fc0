import { describe, expect, it } from "vitest";
import { afterLook, turnOf, type Health } from "./health.js";
import type { Look, LinkOutcome } from "./look.js";
import { roundBehind } from "./link-health.service.js";
import { networkIsOut } from "./round.js";

const DAY_MS = 86_400_000;
const look = (outcome: LinkOutcome, more: Partial<Look> = {}, counted = true) => ({
  ...{
    outcome,
    status: outcome === "UNREACHED" ? null : 200,
    movedTo: null,
    etag: null,
    lastModified: null,
    error: null,
  },
  ...more,
  counted,
});
/** The health after looks at these days. */
const after = (looks: readonly (readonly [day: number, outcome: LinkOutcome, counted?: boolean])[]): Health =>
  looks.reduce<Health | null>(
    (health, [day, outcome, counted = true]) => afterLook(health, look(outcome, {}, counted), day * DAY_MS),
    null,
  )!;

describe("looks", () => {
  it("make a source dead when three in a row failed over three days, and not before", () => {
    expect(turnOf(after([[0, "MISSING"]]), "ACTIVE")).toBeNull();
    expect(
      turnOf(
        after([
          [0, "MISSING"],
          [1, "BROKEN"],
          [2, "UNREACHED"],
        ]),
        "ACTIVE",
      ),
    ).toBeNull();
    expect(
      turnOf(
        after([
          [0, "MISSING"],
          [4, "MISSING"],
        ]),
        "ACTIVE",
      ),
    ).toBeNull();
    expect(
      turnOf(
        after([
          [0, "MISSING"],
          [1, "BROKEN"],
          [3, "UNREACHED"],
        ]),
        "STALE",
      ),
    ).toBe("DEAD");
    expect(
      turnOf(
        after([
          [0, "MISSING"],
          [1, "OK"],
          [2, "MISSING"],
          [5, "MISSING"],
        ]),
        "ACTIVE",
      ),
    ).toBeNull();
  });

  it("count nothing that says nothing: our own network, or a host that refuses us", () => {
    const out = after([
      [0, "MISSING"],
      [1, "UNREACHED", false],
      [2, "REFUSED", false],
      [9, "UNREACHED", false],
    ]);
    expect([out.failures, turnOf(out, "ACTIVE")]).toEqual([1, null]);
  });

  it("take a page at its word that it is gone for good, and never turn what people judged", () => {
    const gone = after([[0, "GONE"]]);
    expect(["ACTIVE", "STALE", "DEAD", "RETRACTED"].map((status) => turnOf(gone, status as "ACTIVE"))).toEqual([
      "DEAD",
      "DEAD",
      null,
      null,
    ]);
    expect(turnOf(after([[0, "OK"]]), "DEAD")).toBeNull();
    expect(turnOf({ ...after([[0, "OK"]]), was: "ACTIVE" }, "DEAD")).toBe("BACK");
  });

  it("keep what a page is told apart by, also when it answers without it or fails", () => {
    const known = afterLook(null, look("OK", { etag: '"1"' }), 0);
    expect(afterLook(known, look("OK", { status: 304 }), 1).etag).toBe('"1"');
    expect(afterLook(known, look("BROKEN", { status: 500, etag: '"x"' }), 1).etag).toBe('"1"');
    expect(afterLook(known, look("OK", { etag: null }), 1).etag).toBeNull();
  });
});

describe("our own network", () => {
  const at = (host: string, outcome: LinkOutcome) => ({ host, look: look(outcome) });
  it("is out when nobody answers, or more hosts are silent than answer", () => {
    expect(networkIsOut([at("a", "UNREACHED")])).toBe(true);
    expect(networkIsOut([at("a", "UNREACHED"), at("b", "UNREACHED"), at("c", "OK")])).toBe(true);
    expect(networkIsOut([at("a", "UNREACHED"), at("b", "MISSING")])).toBe(false);
    expect(networkIsOut([at("a", "UNREACHED"), at("a", "OK"), at("b", "UNREACHED")])).toBe(false);
    expect(networkIsOut([at("a", "OK"), at("b", "MISSING")])).toBe(false);
  });
});

describe("a round over all addresses", () => {
  const batch = (after: string, ids: readonly string[], end: string) => ({
    ...{ addresses: ids.map((id) => ({ id })), from: after, round: { after: end, startedAt: 7 } },
  });
  const round = (one: ReturnType<typeof batch>, ...done: string[]) => roundBehind(one, new Set(done));

  it("goes on behind what was looked at, or is over", () => {
    expect(round(batch("a", ["b", "c"], "c"), "b", "c")).toEqual({ after: "c", startedAt: 7 });
    expect(round(batch("a", ["b"], ""), "b")).toEqual({ after: "", startedAt: 7 });
  });

  it("goes on with the first that there was no time for, and isn't over while there is one", () => {
    expect(round(batch("a", ["b", "c", "d"], "d"), "b", "d").after).toBe("b");
    expect(round(batch("a", ["b", "c"], ""), "c").after).toBe("a");
    // Nothing is behind no source at all, and that isn't the end of the round.
    const first = round(batch("", ["01B", "01C"], ""), "01C").after;
    expect(first).not.toBe("");
    expect(first < "00000000000000000000000000").toBe(true);
  });
});
