import { describe, expect, it } from "vitest";
import { openSecrets } from "./secrets.js";
import { createVault } from "./vault.js";

const [vault, lost] = [createVault(Buffer.alloc(32, 1)), createVault(Buffer.alloc(32, 2))];
const sealed = (text: string, by = vault) => by.seal(text, "acme/one");
const webhook = (secret: string, previousSecret: string | null = null, previousUntil: number | null = null) => ({
  id: "one",
  secret,
  previousSecret,
  previousUntil,
});

/** What is said of a text that another key sealed, and of one that belongs to something else. */
const [unsealed, displaced] = ["sealed with a key that isn't here", "unable to authenticate data"];

describe("the secrets of a webhook that count", () => {
  it("are the present one and, in its time, the one before", () => {
    expect(openSecrets(vault, "acme", webhook(sealed("now")), 5)).toEqual(["now"]);
    const both = webhook(sealed("now"), sealed("before"), 10);
    expect(openSecrets(vault, "acme", both, 9)).toEqual(["now", "before"]);
    expect(openSecrets(vault, "acme", both, 10)).toEqual(["now"]);
  });

  it("are none where another key sealed the present one, and go on without the one before", () => {
    expect(() => openSecrets(vault, "acme", webhook(sealed("now", lost)), 5)).toThrow(unsealed);
    expect(() => openSecrets(vault, "acme", webhook(sealed("now", lost), sealed("before"), 10), 5)).toThrow(unsealed);
    expect(() => openSecrets(vault, "evil", webhook(sealed("now")), 5)).toThrow(displaced);
    expect(openSecrets(vault, "acme", webhook(sealed("now"), sealed("before", lost), 10), 5)).toEqual(["now"]);
  });
});
