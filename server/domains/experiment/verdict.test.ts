import { describe, expect, it } from "vitest";
import { seeded } from "../../../test/kit/random.js";
import { judgeExperiment, type Arm } from "./verdict.js";

const arm = (id: string, shown: number, taken: number): Arm => ({ id, shown, taken });
const design = { alpha: 0.05, planned: 1_000, stopped: false };
const verdict = (...arms: Arm[]) => {
  const { verdict: said, winner } = judgeExperiment(arms, design);
  return winner === null ? said : `${said} ${winner}`;
};

describe("an experiment's verdict", () => {
  it("is none before every variant has its sample", () => {
    expect(verdict(arm("a", 999, 0), arm("b", 1e6, 9e5))).toBe("TOO_EARLY");
    expect(verdict(arm("a", 0, 0), arm("b", 0, 0))).toBe("TOO_EARLY");
    expect(verdict(arm("a", 2_000, 10))).toBe("TOO_EARLY");
    expect(judgeExperiment([arm("a", 1, 0), arm("b", 1, 1)], { ...design, stopped: true }).verdict).toBe("STOPPED");
  });

  it("names a winner that is above every other, and only then", () => {
    expect(verdict(arm("a", 1_000, 100), arm("b", 1_000, 150))).toBe("WINNER b");
    expect(verdict(arm("a", 1_000, 150), arm("b", 1_000, 100))).toBe("WINNER a");
    expect(verdict(arm("a", 1_000, 100), arm("b", 1_000, 110))).toBe("NO_WINNER");
    expect(verdict(arm("a", 1_000, 0), arm("b", 1_000, 0))).toBe("NO_WINNER");
    expect(verdict(arm("a", 1_000, 100), arm("b", 1_000, 200), arm("c", 1_000, 205))).toBe("NO_WINNER");
    expect(verdict(arm("a", 1_000, 100), arm("b", 1_000, 100), arm("c", 1_000, 205))).toBe("WINNER c");
  });

  it("asks more of a difference where more are compared", () => {
    const two = [arm("a", 1_000, 100), arm("b", 1_000, 128)];
    expect(verdict(...two)).toBe("WINNER b");
    expect(verdict(...two, arm("c", 1_000, 90), arm("d", 1_000, 95))).toBe("NO_WINNER");
  });

  it("names a winner among equals in no more of 2,000 experiments than alpha allows", () => {
    const random = seeded(11);
    const draw = (id: string): Arm => {
      let taken = 0;
      for (let i = 0; i < 1_000; i++) if (random.below(10) === 0) taken++;
      return arm(id, 1_000, taken);
    };
    for (const variants of [
      ["a", "b"],
      ["a", "b", "c"],
    ]) {
      let winners = 0;
      for (let n = 0; n < 2_000; n++) if (verdict(...variants.map(draw)).startsWith("WINNER")) winners++;
      // Three standard errors above 5 %.
      expect(winners / 2_000).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 2_000));
    }
  });
});
