import { describe, expect, it } from "vitest";
import { Quarantine } from "./quarantine.js";

describe("a try that lost its process several times", () => {
  it("waits for those at work, and has the process to itself then", () => {
    const quarantine = new Quarantine();
    const [leaveA, leaveB] = [quarantine.enter("a", 0, 0), quarantine.enter("b", 4, 0)];
    expect([leaveA, leaveB]).not.toContain(null);
    expect(quarantine.enter("suspect", 5, 1)).toBeNull();
    expect(quarantine.enter("c", 0, 2)).toBeNull();
    leaveA!();
    expect(quarantine.enter("suspect", 5, 3)).toBeNull();
    leaveB!();
    const leave = quarantine.enter("suspect", 5, 4);
    expect(leave).not.toBeNull();
    expect(quarantine.enter("c", 0, 5_003)).toBeNull();
    expect(quarantine.enter("another", 9, 5_003)).toBeNull();
    leave!();
    expect(quarantine.enter("c", 0, 5_003)).not.toBeNull();
  });

  it("has others beside it once it has been at work for 5 s, but none of its own kind", () => {
    const quarantine = new Quarantine();
    const leave = quarantine.enter("suspect", 5, 0)!;
    expect(quarantine.enter("c", 0, 4_999)).toBeNull();
    expect(quarantine.enter("c", 0, 5_000)).not.toBeNull();
    expect(quarantine.enter("another", 5, 900_000)).toBeNull();
    leave();
    // Those that came beside the first are waited for in turn.
    expect(quarantine.enter("another", 5, 900_001)).toBeNull();
  });

  it("holds others for 5 s at a time at most, however long those at work take, and begins beside them after five minutes", () => {
    const quarantine = new Quarantine();
    quarantine.enter("stands still", 0, 0);
    let [held, longest, letIn] = [0, 0, 0];
    for (let now = 0; now < 300_000; now += 250) {
      expect(quarantine.enter("suspect", 5, now)).toBeNull();
      const leave = quarantine.enter(`c${now}`, 0, now);
      held = leave === null ? held + 250 : 0;
      longest = Math.max(longest, held);
      if (leave !== null) letIn += 1;
      leave?.();
    }
    expect(longest).toBe(5_000);
    expect(letIn / (300_000 / 250)).toBeGreaterThan(0.8);
    const leave = quarantine.enter("suspect", 5, 300_000);
    expect(leave).not.toBeNull();
    expect(quarantine.enter("c", 0, 304_999)).toBeNull();
    expect(quarantine.enter("c", 0, 305_000)).not.toBeNull();
    leave!();
  });

  it("keeps nobody waiting that asks no more for it", () => {
    const quarantine = new Quarantine();
    const leave = quarantine.enter("a", 0, 0)!;
    expect(quarantine.enter("suspect", 5, 0)).toBeNull();
    expect(quarantine.enter("b", 0, 2_999)).toBeNull();
    expect(quarantine.enter("b", 0, 3_000)).not.toBeNull();
    leave();
  });
});
