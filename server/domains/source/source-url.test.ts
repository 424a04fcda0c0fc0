import { describe, expect, it } from "vitest";
import { independenceGroupOf, normalizeUrl } from "./source-url.js";

describe("normalizeUrl", () => {
  it.each([
    ["HTTPS://Example.COM/Path", "https://example.com/Path"],
    ["https://example.com:443/", "https://example.com/"],
    ["http://example.com:80", "http://example.com/"],
    ["https://example.com/a#part", "https://example.com/a"],
    ["https://user:secret@example.com/", "https://example.com/"],
    ["https://example.com/?b=2&a=1", "https://example.com/?a=1&b=2"],
    ["https://example.com/?utm_source=x&id=7&fbclid=1&gclid=2&mc_cid=3", "https://example.com/?id=7"],
    ["https://example.com/?utm_source=x", "https://example.com/"],
    ["https://example.com/a/../b/./c", "https://example.com/b/c"],
  ])("spells %s as %s", (given, spelled) => {
    expect(normalizeUrl(given)).toBe(spelled);
    expect(normalizeUrl(spelled)).toBe(spelled);
  });

  it("keeps apart what is two addresses", () => {
    const addresses = [
      "https://example.com/a",
      "https://example.com/A",
      "http://example.com/a",
      "https://www.example.com/a",
      "https://example.com/a/",
      "https://example.com/a?id=1",
    ];
    expect(new Set(addresses.map(normalizeUrl)).size).toBe(addresses.length);
  });

  it("keeps parameters that only begin like trackers", () => {
    expect(normalizeUrl("https://example.com/?utm=1&gclid2=2")).toBe("https://example.com/?gclid2=2&utm=1");
  });
});

describe("independenceGroupOf", () => {
  it.each([
    ["https://news.bbc.co.uk/x", "bbc.co.uk"],
    ["https://www.example.com/", "example.com"],
    ["https://en.wikipedia.org/wiki/A", "wikipedia.org"],
    ["http://192.0.2.1/", "192.0.2.1"],
    ["http://localhost/", "localhost"],
  ])("of %s is %s", (address, group) => {
    expect(independenceGroupOf(address)).toBe(group);
  });
});
