import { describe, expect, it } from "vitest";
import { misplaced, parseRegions } from "./regions.js";

const KEY = Buffer.alloc(32, 7).toString("base64");
const FILE = `regions:
  eu: { uri: "neo4j://eu.example:7687", storage: { home: /srv/eu } }
  us: { uri: "neo4j+s://us.example:7687", database: studio, user: mover, auditKeys: ["${KEY}"] }
`;
const database = (uri: string, name?: string) => ({ uri, user: "neo4j", password: "", database: name });

describe("regions.yaml", () => {
  it("names each region's database and folders", () => {
    expect(parseRegions(FILE)).toEqual({
      eu: { uri: "neo4j://eu.example:7687", storage: { home: "/srv/eu" }, user: "neo4j", auditKeys: [] },
      us: { uri: "neo4j+s://us.example:7687", database: "studio", storage: {}, user: "mover", auditKeys: [KEY] },
    });
  });

  it("is refused with everything that is wrong with it", () => {
    const wrong = `regions: { EU: { uri: x }, us: { uri: "neo4j://us.example", storage: { home: here }, more: 1, auditKeys: [short] } }`;
    const problems = (() => {
      try {
        parseRegions(wrong);
        return [];
      } catch (error) {
        return (error as { problems: string[] }).problems;
      }
    })();
    for (const part of ["regions.EU", "regions.us.storage.home", "regions.us.auditKeys.0", "regions.us"])
      expect(
        problems.some((problem) => problem.startsWith(`regions.yaml: ${part}: `)),
        part,
      ).toBe(true);
    expect(() => parseRegions("regions: [")).toThrow(/regions\.yaml/);
  });

  it("keeps a process to its own region's database and folders", () => {
    const regions = parseRegions(FILE);
    const eu = { region: "eu", home: "/srv/eu/home", database: database("neo4j://eu.example:7687") };
    expect(misplaced(regions, eu)).toEqual([]);
    expect(misplaced(regions, { ...eu, region: "asia" })).toHaveLength(1);
    expect(misplaced(regions, { ...eu, home: "/srv/eu-not" })).toHaveLength(1);
    expect(
      misplaced(regions, { ...eu, home: "/srv/us", database: database("neo4j+s://us.example:7687") }),
    ).toHaveLength(2);
    expect(misplaced(regions, { ...eu, database: null })).toHaveLength(1);
    expect(misplaced(regions, { ...eu, region: "us", database: database("neo4j+s://us.example:7687") })).toHaveLength(
      1,
    );
  });
});
