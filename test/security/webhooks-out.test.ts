import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { post } from "../../server/webhooks/post.js";
import { addressProblem, isReachable, pin, type Reach } from "../../server/webhooks/reach.js";
import { inParallel } from "../kit/plan.js";
import { seeded, type Random } from "../kit/random.js";
import { startReceiver, type Receiver } from "../kit/webhooks.js";

/*
 * Addresses that a tenant could give to have this process call its own house: as they are, in every spelling that a URL's
 * parser takes, dressed in IPv6, and behind names that say one thing first and another then.
 */

const ADDRESSES = 10_000;
const SENT = 400;
const SEED = 20_261_121;

/** Blocks that aren't public: base, bits. */
const INSIDE: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

const toNumber = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const parts = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
const hex = (value: number) => value.toString(16);

function insideAddress(random: Random): number {
  const [base, bits] = INSIDE[random.below(INSIDE.length)]!;
  return toNumber(base) + random.below(2 ** (32 - bits));
}

/** How an IPv4 address can be written as the host of a URL. */
const SPELLINGS: readonly ((value: number) => string)[] = [
  (value) => parts(value).join("."),
  (value) => `${parts(value).join(".")}.`,
  String,
  (value) => `0x${hex(value)}`,
  (value) => `0${value.toString(8)}`,
  (value) =>
    parts(value)
      .map((part) => `0x${hex(part)}`)
      .join("."),
  (value) =>
    parts(value)
      .map((part) => `0${part.toString(8)}`)
      .join("."),
  (value) => `${parts(value)[0]}.${value % 2 ** 24}`,
  (value) => `${parts(value).slice(0, 2).join(".")}.${value % 2 ** 16}`,
  (value) =>
    parts(value)
      .map((part, i) => (i % 2 === 0 ? part : `0x${hex(part)}`))
      .join("."),
  (value) =>
    parts(value)
      .map((part) => [...String(part)].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(""))
      .join("."),
  (value) => `[::ffff:${parts(value).join(".")}]`,
  (value) => `[::ffff:${hex(Math.floor(value / 65_536))}:${hex(value % 65_536)}]`,
  (value) => `[::${parts(value).join(".")}]`,
  (value) => `[64:ff9b::${parts(value).join(".")}]`,
  (value) => `[2002:${hex(Math.floor(value / 65_536))}:${hex(value % 65_536)}::1]`,
  (value) => `[::ffff:0:${parts(value).join(".")}]`,
];

const CLOSED: Reach = { networks: [], httpsOnly: false };

describe("webhooks out", () => {
  let trap: Receiver;
  beforeAll(async () => {
    trap = await startReceiver(undefined, "127.0.0.2");
  });
  afterAll(() => trap.close());

  it(`lead to none of ${ADDRESSES} addresses inside, and to none of ${SENT} that were sent to`, async () => {
    const random = seeded(SEED);
    const hosts = Array.from({ length: ADDRESSES }, (_, i) => SPELLINGS[i % SPELLINGS.length]!(insideAddress(random)));
    const passed = hosts.filter((host) => addressProblem(`https://${host}/`, CLOSED) === null);
    expect(passed).toEqual([]);
    // That the question isn't always answered with no.
    const open = Array.from({ length: 80 }, (_, i) => `https://${SPELLINGS[i % 12]!(toNumber(`${11 + i}.${i}.1.1`))}/`);
    expect(open.filter((url) => addressProblem(url, CLOSED) !== null)).toEqual([]);

    const names = Array.from({ length: 1_000 }, () => parts(insideAddress(random)).join("."));
    const pinned = await Promise.all(
      names.flatMap((inside) => [
        pin(new URL("https://a.example/"), { ...CLOSED, resolve: async () => [inside] }),
        pin(new URL("https://a.example/"), { ...CLOSED, resolve: async () => ["93.184.215.14", inside] }),
        pin(new URL("https://a.example/"), { ...CLOSED, resolve: async () => [`::ffff:${inside}`] }),
      ]),
    );
    expect(pinned.filter((each) => each !== null)).toEqual([]);
    expect(isReachable("93.184.215.14", CLOSED)).toBe(true);

    // Really sent, to a trap on this machine: by its spellings, and by names that turn to it after they were judged.
    const loopback = toNumber("127.0.0.2");
    const attempts = Array.from({ length: SENT }, (_, i) => async () => {
      if (i % 2 === 0)
        return post(`http://${SPELLINGS[i % SPELLINGS.length]!(loopback)}:${trap.port}/`, {}, "x", CLOSED);
      let asked = 0;
      // First the allowed neighbour, where nobody listens on the trap's port, then the trap.
      const reach = {
        networks: ["127.0.0.1/32"],
        httpsOnly: false,
        resolve: async () => [`127.0.0.${Math.min(++asked, 2)}`],
      };
      return post(`http://rebind-${i}.example:${trap.port}/`, {}, "x", reach);
    });
    const posted = await inParallel(attempts, 16, (attempt) => attempt());
    expect(posted.filter(({ status }) => status !== null)).toEqual([]);
    expect(trap.messages).toEqual([]);
    // That the trap works.
    await post(trap.url, {}, "x", { networks: ["127.0.0.2/32"], httpsOnly: false });
    expect(trap.messages).toHaveLength(1);
    console.log(
      `webhooks-out: ${hosts.length + pinned.length} hostile addresses and names, 0 passed; ${SENT} sent to, 0 arrived`,
    );
  }, 120_000);
});
