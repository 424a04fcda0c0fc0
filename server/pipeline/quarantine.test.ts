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
    // However long it is at work.
    expect(quarantine.enter("c", 0, 1_000_000)).toBeNull();
    expect(quarantine.enter("another", 9, 1_000_000)).toBeNull();
    leave!();
    expect(quarantine.enter("c", 0, 1_000_001)).not.toBeNull();
  });

  it("waits a minute for the others at most", () => {
    const quarantine = new Quarantine();
    quarantine.enter("stands still", 0, 0);
    for (let now = 0; now < 60_000; now += 1_000) expect(quarantine.enter("suspect", 5, now)).toBeNull();
    const leave = quarantine.enter("suspect", 5, 60_000);
    expect(leave).not.toBeNull();
    expect(quarantine.enter("c", 0, 60_001)).toBeNull();
    leave!();
    expect(quarantine.enter("c", 0, 60_002)).not.toBeNull();
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
