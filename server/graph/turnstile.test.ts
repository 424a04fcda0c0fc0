import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Turnstile } from "./turnstile.js";

/** Somebody who is inside until told to leave. */
function visitor() {
  let leave = () => {};
  const stay = new Promise<void>((resolve) => (leave = resolve));
  return { stay: () => stay, leave: () => leave() };
}

describe("a turnstile", () => {
  it("lets so many through at once, in the order in which they came, and loses no place to a failure", async () => {
    const turnstile = new Turnstile(2, 10_000);
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

  it("tells who has waited too long to try again, without beginning the work, and who comes later isn't passed over", async () => {
    const turnstile = new Turnstile(1, 20);
    const slow = visitor();
    const first = turnstile.run(slow.stay);
    const began: string[] = [];
    const work = (name: string) => async () => void began.push(name);
    const patient = turnstile.run(work("patient"), 10_000);
    const given = turnstile.run(work("given up"));
    await expect(given).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringMatching(/Try again/) });
    const late = turnstile.run(work("late"), 10_000);
    slow.leave();
    await Promise.all([first, patient, late]);
    expect(began).toEqual(["patient", "late"]);
  });

  it("has all its places again, however many have given up", async () => {
    const turnstile = new Turnstile(2, 5);
    for (let round = 0; round < 20; round++) {
      const slow = [visitor(), visitor()];
      const inside = slow.map(({ stay }) => turnstile.run(stay));
      const visits = Promise.allSettled(Array.from({ length: 5 }, (_, n) => turnstile.run(async () => n, n)));
      // Some leave just as the others give up.
      await sleep(round % 6);
      for (const { leave } of slow) leave();
      await Promise.all([...inside, visits]);
    }
    const [one, other] = [visitor(), visitor()];
    const inside = [turnstile.run(one.stay), turnstile.run(other.stay)];
    await expect(turnstile.run(async () => "a third")).rejects.toMatchObject({ code: "UNAVAILABLE" });
    one.leave();
    await expect(turnstile.run(async () => "second again")).resolves.toBe("second again");
    other.leave();
    await Promise.all(inside);
  });
});
