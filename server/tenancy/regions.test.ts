import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditKeysOf, backupFolder, misplaced, parseRegions, regionOfPath } from "./regions.js";

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

  it("says whose storage a path is in, wherever links lead, and where backups go", async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), "throughline-storage-")));
    try {
      const [eu, us] = [join(folder, "eu"), join(folder, "eu", "leased-to-us")];
      await mkdir(us, { recursive: true });
      await symlink(us, join(folder, "link"));
      const regions = parseRegions(
        JSON.stringify({
          regions: {
            eu: { uri: "neo4j://eu.example:7687", storage: { home: eu } },
            us: { uri: "neo4j://us.example:7687", storage: { backups: us } },
            ap: { uri: "neo4j://ap.example:7687" },
          },
        }),
      );
      const of = (path: string) => regionOfPath(regions, path);
      expect(await of(join(eu, "new", "file"))).toBe("eu");
      expect(await of(join(us, "file"))).toBe("us");
      expect(await of(join(folder, "link", "new", "file"))).toBe("us");
      expect(await of(`${eu}-not/file`)).toBeNull();
      expect(await of(join(us, "..data", "file"))).toBe("us");
      expect([regions.eu!, regions.us!, regions.ap!].map(backupFolder)).toEqual([join(eu, "backups"), us, null]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("names the keys of all regions' audits", () => {
    expect(auditKeysOf(parseRegions(FILE))).toEqual([Buffer.alloc(32, 7)]);
    expect(auditKeysOf(null)).toEqual([]);
  });
});
