import { describe, expect, it } from "vitest";
import { createGate, type Leave } from "./gate.js";

const here = new AbortController().signal;
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("a gate", () => {
  const gate = (inside: number, waiting: number, patienceMs = 10_000) => createGate({ inside, waiting, patienceMs });

  it("has so many inside, lets the next in when one leaves, in the order of their coming", async () => {
    const { enter } = gate(2, 10);
    const [a, b] = [await enter("t", here), await enter("t", here)];
    const came: string[] = [];
    const c = enter("t", here).then((leave) => (came.push("c"), leave));
    const d = enter("t", here).then((leave) => (came.push("d"), leave));
    await soon();
    expect(came).toEqual([]);
    b!();
    await c;
    expect(came).toEqual(["c"]);
    a!();
    expect(await d).not.toBeNull();
    expect(came).toEqual(["c", "d"]);
  });

  it("lets nobody in twice for one who leaves twice", async () => {
    const { enter } = gate(1, 10);
    const first = (await enter("t", here))!;
    const [second, third] = [enter("t", here), enter("t", here)];
    first();
    first();
    const leaveSecond = (await second)!;
    let entered = false;
    void third.then(() => (entered = true));
    await soon();
    expect(entered).toBe(false);
    leaveSecond();
    expect(await third).not.toBeNull();
  });

  it("turns away whoever finds the queue full, has waited too long or is gone", async () => {
    const { enter } = gate(1, 2, 20);
    const leave = (await enter("t", here))!;
    const gone = new AbortController();
    const leaving = enter("t", gone.signal);
    const late = enter("t", here);
    expect(await enter("t", here)).toBeNull();
    gone.abort();
    expect(await leaving).toBeNull();
    expect(await enter("t", gone.signal)).toBeNull();
    expect(await late).toBeNull();
    // Nobody who gave up holds a place.
    leave();
    expect(await enter("t", here)).not.toBeNull();
  });

  it("keeps keys apart, and forgets those that nobody is at", async () => {
    const { enter } = gate(1, 0);
    const leave = (await enter("a", here))!;
    expect(await enter("a", here)).toBeNull();
    const other = (await enter("b", here))!;
    expect(other).not.toBeNull();
    leave();
    expect(await enter("a", here)).not.toBeNull();
  });

  it("never has more inside than it may, whatever the rhythm", async () => {
    const { enter } = gate(3, 1_000);
    let inside = 0;
    let most = 0;
    const visit = async (i: number): Promise<void> => {
      const leave: Leave | null = await enter("t", here);
      expect(leave).not.toBeNull();
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, i % 4));
      inside--;
      leave!();
    };
    await Promise.all(Array.from({ length: 200 }, (_, i) => visit(i)));
    expect(most).toBe(3);
  });
});
