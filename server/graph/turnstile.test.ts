import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turnstile } from "./turnstile.js";

describe("a turnstile", () => {
  it("lets so many through at once, in the order in which they came, and loses no place to a failure", async () => {
    const turnstile = new Turnstile(2);
    const began: number[] = [];
    let [inside, most] = [0, 0];
    const visit = (n: number) =>
      turnstile.run(async () => {
        began.push(n);
        most = Math.max(most, ++inside);
        await sleep(5);
        inside -= 1;
        if (n % 3 === 0) throw new Error(`visitor ${n} stumbles`);
        return n;
      });
    const visits = await Promise.allSettled(Array.from({ length: 9 }, (_, n) => visit(n)));
    expect(most).toBe(2);
    expect(began).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(visits.map(({ status }) => status === "fulfilled")).toEqual(began.map((n) => n % 3 !== 0));
    await expect(turnstile.run(() => Promise.resolve("free"))).resolves.toBe("free");
  });
});
