import { describe, expect, it } from "vitest";
import { parseClaimRow, type ClaimRow } from "./claim-row.js";

const given = {
  id: "1",
  claim: "DayZ -LRB-a game-RRB- is out.",
  evidence: "It is -LSB-out-RSB-.",
  label: "SUPPORTS",
  source_title: "DayZ -LRB-video game-RRB-",
  source_url: "https://en.wikipedia.org/w/index.php?oldid=745654512",
  revision_id: "745654512",
};

function row(more: object = {}): ClaimRow {
  const parsed = parseClaimRow(JSON.stringify({ ...given, ...more }));
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.row;
}
function problems(more: object): string[] {
  const parsed = parseClaimRow(JSON.stringify({ ...given, ...more }));
  return "problems" in parsed ? parsed.problems.map(({ path }) => path) : [];
}

describe("a row of claim and evidence", () => {
  it("is decoded, and knows all its things' keys before the database is asked", () => {
    expect(row()).toMatchObject({
      key: "claims id 1",
      claim: "DayZ (a game) is out.",
      evidence: "It is [out].",
      edge: "SUPPORTED_BY",
      sourceTitle: "DayZ (video game)",
      sourceKey: "https://en.wikipedia.org/wiki/DayZ_(video_game)",
      snapshotUrl: given.source_url,
      snapshotTitle: "DayZ (video game), revision 745654512",
      publisher: "en.wikipedia.org",
      independenceGroup: "wikipedia.org",
      revision: "745654512",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      claimKey: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("keeps its label as an edge", () => {
    expect(["SUPPORTS", "REFUTES", "NEI"].map((label) => row({ label }).edge)).toEqual([
      "SUPPORTED_BY",
      "CONTRADICTED_BY",
      "CONSIDERED",
    ]);
  });

  it("decodes every bracket and colon of a tokenised corpus, and nothing else", () => {
    expect(row({ evidence: "-LRB-a-RRB- -LSB-b-RSB- -LCB-c-RCB- d-COLON-e -LRB -XRB- LRB-" }).evidence).toBe(
      "(a) [b] {c} d:e -LRB -XRB- LRB-",
    );
  });

  it("is named by its id, else by claim, evidence and revision", () => {
    const { id: _id, ...nameless } = given;
    const key = (more: object) => row({ ...nameless, id: undefined, ...more }).key;
    expect(key({})).toMatch(/^claims sha [0-9a-f]{64}$/);
    for (const id of [null, ""]) expect(key({ id })).toBe(key({}));
    expect(key({ label: "NEI" })).toBe(key({}));
    for (const more of [{ claim: "x" }, { evidence: "x" }, { revision_id: "1" }]) expect(key(more)).not.toBe(key({}));
    expect(row({ id: 17 }).key).toBe("claims id 17");
  });

  it("has another hash when it says anything else", () => {
    const hashes = [
      {},
      { claim: "x" },
      { evidence: "x" },
      { label: "NEI" },
      { source_title: "x" },
      { source_url: "https://x.example/" },
      { revision_id: "1" },
    ].map((more) => row(more).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(row({ unknown: "column" }).hash).toBe(row().hash);
  });

  it("names one source per title and host, whatever the address", () => {
    const source = (source_url: string) => row({ source_url }).sourceKey;
    expect(source("https://en.wikipedia.org/wiki/Something")).toBe(row().sourceKey);
    expect(source("http://en.wikipedia.org/w/index.php?oldid=1")).toBe(row().sourceKey);
    expect(source("https://EN.wikipedia.org/w/index.php?title=x&oldid=2")).toBe(row().sourceKey);
    expect(source("https://de.wikipedia.org/w/index.php?oldid=1")).not.toBe(row().sourceKey);
    expect(source("https://news.example/1")).toBe(source("https://news.example/2?x=y"));
    expect(row({ source_url: "https://news.example/1", source_title: "Other" }).sourceKey).not.toBe(
      source("https://news.example/1"),
    );
  });

  it("takes its revision from the address when no column says it", () => {
    expect(row({ revision_id: null }).revision).toBe("745654512");
    expect(row({ revision_id: "", source_url: "https://news.example/" }).revision).toBeNull();
    expect(row({ revision_id: 5 }).revision).toBe("5");
  });

  it("is refused by column, all at once", () => {
    expect(problems({ claim: " " })).toEqual(["claim"]);
    expect(
      problems({ claim: 5, evidence: null, label: "supports", source_title: "", source_url: "javascript:alert(1)" }),
    ).toEqual(["claim", "evidence", "label", "source_title", "source_url"]);
    expect(problems({ evidence: "x".repeat(20_001) })).toEqual(["evidence"]);
    expect(problems({ id: "x".repeat(201) })).toEqual(["id"]);
    expect(problems({ claim: "a\u0000b" })).toEqual(["claim"]);
    for (const line of ["", "null", "5", '"x"', "[]", "{", "NaN"]) {
      expect(parseClaimRow(line), line).toMatchObject({ id: null, problems: [{ code: "BAD_INPUT", path: "" }] });
    }
  });
});
