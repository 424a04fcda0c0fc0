import { describe, expect, it } from "vitest";
import { toLucene } from "./search.js";

describe("a search as a query of the index", () => {
  it("demands the tenant and every word, the last perhaps unfinished", () => {
    expect(toLucene("my-studio", "Heat pump")).toBe('+tenantKey:"my_studio" +title:"heat" +(title:"pump" title:pump*)');
  });

  it("leaves what stands within a word to the index's analyser", () => {
    expect(toLucene("t", "3.5kWh Europe's")).toBe(
      '+tenantKey:"t" +title:"3.5kwh" +(title:"europe\'s" title:europe\\\'s* (+title:"europe" +title:s*))',
    );
  });

  it("is none without a letter or a digit", () => {
    for (const text of ["", " ", "?!", '"', "\\", "*:*", "- ( ) -", "…"]) expect(toLucene("t", text), text).toBeNull();
  });

  it("lets no sign of the syntax out of a quoted word or an escaped one", () => {
    const signs = '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ / \u0000'.split(" ");
    for (const sign of signs) {
      for (const word of [`a${sign}b`, `${sign}a`, `a${sign}`, `a${sign}${sign}b`, `a"${sign}b`, `a\\${sign}b`]) {
        const lucene = toLucene("t", `${word} ${word}`)!;
        // Without its quoted and its escaped parts nothing is left but what we write.
        const rest = lucene.replace(/"(?:[^"\\]|\\.)*"|\\./gsu, (part) => (part.startsWith('"') ? "Q" : "e"));
        expect(rest, word).toMatch(
          /^\+tenantKey:Q \+title:Q \+\(title:Q title:[\p{L}\p{N}\p{M}]+\*(?: \((?:\+title:(?:Q|[\p{L}\p{N}\p{M}]+\*) ?)+\))?\)$/u,
        );
      }
    }
  });

  it("is the same for texts that look the same", () => {
    expect(toLucene("t", "Cafe\u0301")).toBe(toLucene("t", "CAFÉ"));
  });

  it("counts thirty words", () => {
    expect(toLucene("t", "w ".repeat(100))!.match(/\+(?:title|\()/g)).toHaveLength(30);
  });
});
