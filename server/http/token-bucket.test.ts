import { describe, expect, it } from "vitest";
import { createTokenBucket } from "./token-bucket.js";

describe("a token bucket", () => {
  let at = 0;
  const bucket = (perSecond: number, burst: number) => createTokenBucket({ perSecond, burst }, () => at);

  it("lets a burst in at once, then one for each interval, and says how long to wait", () => {
    at = 5_000;
    const take = bucket(10, 3);
    expect([take("a"), take("a"), take("a")]).toEqual([0, 0, 0]);
    expect(take("a")).toBeCloseTo(100);
    at += 60;
    expect(take("a")).toBeCloseTo(40);
    at += 40;
    expect(take("a")).toBe(0);
    expect(take("a")).toBeCloseTo(100);
  });

  it("counts what it refused as nothing", () => {
    at = 0;
    const take = bucket(10, 1);
    expect(take("a")).toBe(0);
    for (let i = 0; i < 1_000; i++) expect(take("a")).toBeGreaterThan(0);
    at += 100;
    expect(take("a")).toBe(0);
  });

  it("fills to its brim and no further", () => {
    at = 0;
    const take = bucket(10, 3);
    take("a");
    at += 3_600_000;
    expect([take("a"), take("a"), take("a")]).toEqual([0, 0, 0]);
    expect(take("a")).toBeGreaterThan(0);
  });

  it("keeps keys apart", () => {
    at = 0;
    const take = bucket(1, 1);
    expect(take("a")).toBe(0);
    expect(take("a")).toBeGreaterThan(0);
    expect(take("b")).toBe(0);
  });

  it("gives its rate over a minute, whatever the rhythm", () => {
    at = 0;
    const take = bucket(50, 20);
    let passed = 0;
    for (; at < 60_000; at += 7) passed += take("a") === 0 ? 1 : 0;
    expect(passed).toBeGreaterThanOrEqual(50 * 60);
    expect(passed).toBeLessThanOrEqual(50 * 60 + 20);
  });
});
