import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { isSecret, isSigned, newSecret, readHeaders, signedHeaders, WINDOW_MS } from "./signing.js";

const now = Date.parse("2026-11-21T06:00:00Z");
const secret = newSecret();
const body = JSON.stringify({ type: "stage.completed", data: { words: "naïve – ünïcode" } });
const bytes = Buffer.from(body);
const headers = signedHeaders([secret], "msg_1", now, body);
const accepts = (given: object, payload: Buffer = bytes, secrets = [secret], at = now) => {
  const received = readHeaders(given as Record<string, unknown>, at);
  return received !== null && isSigned(received, payload, secrets);
};

describe("a signature", () => {
  it("is what the standard says: base64 of HMAC-SHA256 over id, seconds and body", () => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const mac = createHmac("sha256", key)
      .update(`msg_1.${now / 1000}.${body}`)
      .digest("base64");
    expect(headers).toEqual({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(now / 1000),
      "webhook-signature": `v1,${mac}`,
    });
  });

  it("is the standard's own example", () => {
    const example = signedHeaders(
      ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330_000,
      `{"test": 2432232314}`,
    );
    expect(example["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("made by another implementation is taken, and ours is taken by it", () => {
    const at = new Date();
    const theirs = new Webhook(secret).sign("msg_2", at, body);
    const seconds = String(Math.floor(at.getTime() / 1000));
    const sent = { "webhook-id": "msg_2", "webhook-timestamp": seconds, "webhook-signature": theirs };
    expect(accepts(sent, bytes, [secret], at.getTime())).toBe(true);
    const ours = signedHeaders([newSecret(), secret], "msg_3", at.getTime(), body);
    expect(new Webhook(secret).verify(body, { ...ours })).toEqual(JSON.parse(body));
  });

  it("counts with either secret while there are two, at either end", () => {
    const old = newSecret();
    expect(accepts(signedHeaders([old], "msg_1", now, body), bytes, [secret, old])).toBe(true);
    expect(accepts(signedHeaders([secret, old], "msg_1", now, body), bytes, [old])).toBe(true);
    expect(accepts(signedHeaders([old], "msg_1", now, body), bytes, [secret])).toBe(false);
  });

  it("holds for the window and no second longer, either way", () => {
    for (const [late, taken] of [
      [0, true],
      [WINDOW_MS, true],
      [WINDOW_MS + 1, false],
      [-WINDOW_MS, true],
      [-WINDOW_MS - 1, false],
    ] as const)
      expect(accepts(headers, bytes, [secret], now + late), String(late)).toBe(taken);
  });

  it("is refused where anything that it stands for was changed", () => {
    const changed = (name: string, value: unknown) => ({ ...headers, [name]: value });
    const seconds = now / 1000;
    const signature = headers["webhook-signature"];
    const hostile: [object, Buffer?][] = [
      [changed("webhook-id", "msg_2")],
      [changed("webhook-id", `msg_1.${seconds}`)],
      [changed("webhook-id", "")],
      [changed("webhook-timestamp", String(seconds + 1))],
      [changed("webhook-timestamp", `${seconds}x`)],
      [changed("webhook-timestamp", ` ${seconds}`)],
      [changed("webhook-timestamp", `${seconds}.0`)],
      [changed("webhook-timestamp", `0${seconds}`)],
      [changed("webhook-timestamp", `0x${seconds.toString(16)}`)],
      [changed("webhook-signature", signature.replace("v1,", "v1a,"))],
      [changed("webhook-signature", signature.slice(0, -1))],
      [changed("webhook-signature", `${signature}=`)],
      [changed("webhook-signature", signature.slice(3))],
      [changed("webhook-signature", "v1,")],
      [changed("webhook-signature", undefined)],
      [changed("webhook-signature", [signature])],
      [changed("webhook-signature", `${"v1,AAAA ".repeat(8)}${signature}`)],
      [headers, Buffer.from(`${body} `)],
      [headers, Buffer.concat([Buffer.from("\u{FEFF}"), bytes])],
      [headers, Buffer.alloc(0)],
    ];
    expect(hostile.filter(([given, payload]) => accepts(given, payload))).toEqual([]);
    // That the table refuses for its reasons: unchanged it is taken.
    expect(accepts(headers)).toBe(true);
  });

  it("of a text isn't one of bytes that only read like it", () => {
    const text = `{"a":"\u{FFFD}"}`;
    const signed = signedHeaders([secret], "msg_1", now, text);
    const damaged = Buffer.from(`{"a":"\xff"}`, "latin1");
    expect(new TextDecoder().decode(damaged)).toBe(text);
    expect(accepts(signed, Buffer.from(text))).toBe(true);
    expect(accepts(signed, damaged)).toBe(false);
  });
});

describe("a secret", () => {
  it("is 24 to 64 bytes in base64 behind its prefix", () => {
    const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
    for (const size of [24, 25, 32, 63, 64]) expect(isSecret(of(size)), String(size)).toBe(true);
    for (const bad of [of(23), of(65), of(32).slice(6), `${of(32)}=`, `${of(24)}-_`, "whsec_", ""])
      expect(isSecret(bad), bad).toBe(false);
    expect(isSecret(newSecret())).toBe(true);
    expect(newSecret()).not.toBe(newSecret());
  });
});
