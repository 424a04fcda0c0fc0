import { describe, expect, it } from "vitest";
import {
  changed,
  DEFAULT_SETTINGS,
  recheckBy,
  settingsChange,
  settingsFrom,
  settingsText,
  tierOf,
} from "./settings.js";

const DAY_MS = 86_400_000;

describe("settings of governance", () => {
  it("are the defaults until a studio sets something", () => {
    expect(settingsFrom(null)).toEqual({
      version: 0,
      tiers: [],
      shelfLifeDays: {
        PRICE: 90,
        COUNT: 90,
        OFFICE_HOLDER: 180,
        PRODUCT: 180,
        LAW: 730,
        SCIENCE: 730,
        HISTORY: null,
      },
      furtherGroups: 2,
      copyShare: 0.9,
    });
  });

  it("keep what a change leaves out, and count their versions", () => {
    const first = changed(DEFAULT_SETTINGS, { furtherGroups: 1 })!;
    expect(first).toEqual({ ...DEFAULT_SETTINGS, version: 1, furtherGroups: 1 });
    const second = changed(first, {
      shelfLives: [
        { kind: "PRICE", days: 30 },
        { kind: "LAW", days: null },
      ],
    })!;
    expect(second.version).toBe(2);
    expect(second.furtherGroups).toBe(1);
    expect(second.shelfLifeDays).toEqual({ ...DEFAULT_SETTINGS.shelfLifeDays, PRICE: 30, LAW: null });
    expect(settingsFrom(settingsText(second))).toEqual(second);
  });

  it("aren't another version where nothing differs", () => {
    expect(changed(DEFAULT_SETTINGS, { furtherGroups: 2, shelfLives: [{ kind: "PRICE", days: 90 }] })).toBeNull();
  });

  it("refuse what makes no sense, and name the field", () => {
    for (const [change, path] of [
      [{ furtherGroups: -1 }, "furtherGroups"],
      [{ furtherGroups: 1.5 }, "furtherGroups"],
      [{ copyShare: 0.2 }, "copyShare"],
      [{ copyShare: Number.NaN }, "copyShare"],
      [{ tiers: [{ domain: "www.example.org", tier: 1 }] }, "tiers.0.domain"],
      [{ tiers: [{ domain: "Example.org", tier: 1 }] }, "tiers.0.domain"],
      [{ tiers: [{ domain: "a/b", tier: 1 }] }, "tiers.0.domain"],
      [{ tiers: [{ domain: "", tier: 1 }] }, "tiers.0.domain"],
      [{ tiers: [{ domain: "example.org", tier: 4 }] }, "tiers.0.tier"],
      [{ tiers: [{ domain: "example.org" }] }, "tiers.0.tier"],
      [{ shelfLives: [] }, "shelfLives"],
      [{ shelfLives: [{ kind: "PRICE", days: 0 }] }, "shelfLives.0.days"],
      [{ shelfLives: [{ kind: "PRICE", days: 4_000 }] }, "shelfLives.0.days"],
      [{ shelfLives: [{ kind: "PRICE" }] }, "shelfLives.0.days"],
      [{ shelfLives: [{ kind: "OTHER", days: 3 }] }, "shelfLives.0.kind"],
      [
        {
          shelfLives: [
            { kind: "LAW", days: 3 },
            { kind: "LAW", days: 4 },
          ],
        },
        "shelfLives",
      ],
    ] as const) {
      const parsed = settingsChange.safeParse(change);
      expect(parsed.error?.issues[0]?.path.join("."), JSON.stringify(change)).toBe(path);
    }
  });

  it("say on which tier a new source begins, by its domain", () => {
    const rate = (domain: string, tier: number | null) => [{ domain, tier }];
    const first = changed(DEFAULT_SETTINGS, { tiers: [...rate("b.example", 2), ...rate("a.example", 1)] })!;
    expect(first.tiers.map(({ domain }) => domain)).toEqual(["a.example", "b.example"]);
    expect(["a.example", "b.example", "c.example"].map((domain) => tierOf(first, domain))).toEqual([1, 2, 3]);
    const second = changed(first, { tiers: rate("a.example", null) })!;
    expect(second.tiers).toEqual([{ domain: "b.example", tier: 2 }]);
    expect(changed(second, { tiers: rate("c.example", null) })).toBeNull();
  });

  it("say when a claim wants checking again", () => {
    expect(recheckBy(DEFAULT_SETTINGS, "PRICE", 1_000)).toBe(1_000 + 90 * DAY_MS);
    expect(recheckBy(DEFAULT_SETTINGS, "LAW", 0)).toBe(730 * DAY_MS);
    expect(recheckBy(DEFAULT_SETTINGS, "HISTORY", 0)).toBeNull();
    expect(recheckBy(DEFAULT_SETTINGS, "OTHER", 0)).toBeNull();
  });
});
