import { describe, expect, it } from "vitest";
import { mayJoin } from "../../graph-schema/catalog.js";
import { CLAIM_KINDS, CLAIM_STATUSES } from "../../graph-schema/nodes/claim.js";
import { EPISODE_STATUSES, LIVE_STATUSES } from "../../graph-schema/nodes/episode.js";
import { INCIDENT_STATUSES } from "../../graph-schema/nodes/incident.js";
import { SNAPSHOT_KINDS } from "../../graph-schema/nodes/snapshot.js";
import { SOURCE_STATUSES } from "../../graph-schema/nodes/source.js";
import type { ClaimSeed, EpisodeSeed, FactSeed, SourceSeed, Studio } from "../studio.js";
import { demo } from "./demo/demo.js";
import { northlight } from "./northlight/northlight.js";

const snapshotsOf = (studio: Studio) => studio.sources.flatMap((source) => source.snapshots);
const factsOf = (studio: Studio): readonly FactSeed[] => snapshotsOf(studio).flatMap((snapshot) => snapshot.facts);
const keysOf = (things: readonly { readonly key: string }[]) => things.map(({ key }) => key);
const repeated = (values: readonly string[]) => values.filter((value, i) => values.indexOf(value) !== i);
const normalised = (text: string) => text.normalize("NFC").trim().replace(/\s+/g, " ").toLowerCase();
const isLive = ({ status }: EpisodeSeed) => (LIVE_STATUSES as readonly string[]).includes(status);
const claimKeysOf = (episode: EpisodeSeed) => episode.scenes.flatMap((scene) => scene.claims);
const words = (text: string) => text.split(/\s+/).length;

/** The source that each fact is quoted from. */
function sourceByFact(studio: Studio): ReadonlyMap<string, SourceSeed> {
  return new Map(
    studio.sources.flatMap((source) =>
      source.snapshots.flatMap(({ facts }) => facts.map(({ key }): [string, SourceSeed] => [key, source])),
    ),
  );
}

/** All addresses end in `.example`, so that the registrable domain is the last two labels. */
const domainOf = (url: string) => new URL(url).hostname.split(".").slice(-2).join(".");

/** The independent voices that support a claim, leaving out what is quoted from sources of the given statuses. */
function voices(studio: Studio, claim: ClaimSeed, without: readonly string[] = []): ReadonlySet<string> {
  const sources = sourceByFact(studio);
  return new Set(
    claim.supportedBy
      .map((fact) => sources.get(fact)!)
      .filter(({ status }) => !without.includes(status))
      .map(({ url, independenceGroup }) => independenceGroup ?? domainOf(url)),
  );
}

/** Every string in the data, with the path it stands at. */
function* strings(value: unknown, path = ""): Generator<[path: string, text: string]> {
  if (typeof value === "string") yield [path, value];
  else if (value !== null && typeof value === "object")
    for (const [name, inner] of Object.entries(value)) yield* strings(inner, `${path}/${name}`);
}

/** Sources that a source relies on, directly or through others. */
function reach(studio: Studio, key: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const next of studio.sources.find((source) => source.key === key)?.cites ?? [])
    if (!seen.has(next)) reach(studio, next, seen.add(next));
  return seen;
}

describe.each([
  ["demo", demo],
  ["northlight", northlight],
] as [string, Studio][])("studio %s", (id, studio) => {
  const byLabel: Readonly<Record<string, readonly string[]>> = {
    Topic: keysOf(studio.topics),
    Source: keysOf(studio.sources),
    Snapshot: keysOf(snapshotsOf(studio)),
    Fact: keysOf(factsOf(studio)),
    Claim: keysOf(studio.claims),
    Episode: keysOf(studio.episodes),
    Channel: keysOf(studio.channels),
    Incident: keysOf(studio.incidents),
    Decision: keysOf(studio.decisions),
    Principal: keysOf(studio.principals),
  };
  const dangling = (label: string, keys: readonly (string | undefined)[]) =>
    keys.filter((key) => key !== undefined && !byLabel[label]!.includes(key));

  it("is kept under its tenant's id, in a region that the tenant allows", () => {
    expect(studio.tenant.id).toBe(id);
    expect(studio.tenant.allowedRegions).toContain(studio.tenant.region);
  });

  it("uses every key once, and each fits in an operation id", () => {
    const keys = Object.values(byLabel).flat();
    expect(repeated(keys)).toEqual([]);
    expect(keys.filter((key) => !/^[a-z0-9][a-z0-9/:.-]{2,79}$/.test(key))).toEqual([]);
  });

  it("repeats no natural key: URL, claim text, topic title, episode title", () => {
    for (const values of [
      studio.sources.map(({ url }) => url),
      studio.claims.map(({ text }) => normalised(text)),
      studio.topics.map(({ title }) => normalised(title)),
      studio.episodes.map(({ title }) => normalised(title)),
    ])
      expect(repeated(values)).toEqual([]);
  });

  it("refers only to what is there", () => {
    expect(
      dangling(
        "Principal",
        [...studio.channels, ...studio.episodes].map(({ owner }) => owner),
      ),
    ).toEqual([]);
    expect(
      dangling(
        "Channel",
        studio.episodes.map(({ channel }) => channel),
      ),
    ).toEqual([]);
    expect(
      dangling(
        "Topic",
        studio.episodes.map(({ topic }) => topic),
      ),
    ).toEqual([]);
    expect(dangling("Claim", studio.episodes.flatMap(claimKeysOf))).toEqual([]);
    expect(
      dangling(
        "Source",
        studio.sources.flatMap(({ cites = [] }) => cites),
      ),
    ).toEqual([]);
    expect(
      dangling(
        "Fact",
        factsOf(studio).flatMap(({ derivedFrom = [] }) => derivedFrom),
      ),
    ).toEqual([]);
    expect(
      dangling(
        "Fact",
        studio.claims.flatMap((c) => [...c.supportedBy, ...(c.contradictedBy ?? []), ...(c.considered ?? [])]),
      ),
    ).toEqual([]);
  });

  it("joins decisions and incidents only to what is there and what the catalog allows", () => {
    for (const { about, basedOn } of studio.decisions)
      for (const [type, refs] of [
        ["ABOUT", about],
        ["BASED_ON", basedOn],
      ] as const)
        for (const { label, key } of refs) {
          expect(dangling(label, [key])).toEqual([]);
          expect(mayJoin(type, "Decision", label)).toBe(true);
        }
    for (const { label, key } of studio.incidents.flatMap(({ affects }) => affects)) {
      expect(dangling(label, [key])).toEqual([]);
      expect(mayJoin("AFFECTS", "Incident", label)).toBe(true);
    }
  });

  it("lets a decision rest only on earlier decisions, and none on itself", () => {
    const seen = new Set<string>();
    for (const { key, decidedAt, basedOn } of studio.decisions) {
      for (const ref of basedOn.filter(({ label }) => label === "Decision")) expect(seen).toContain(ref.key);
      seen.add(key);
      expect(Date.parse(decidedAt)).not.toBeNaN();
    }
    const instants = studio.decisions.map(({ decidedAt }) => decidedAt);
    expect([...instants].sort()).toEqual(instants);
  });

  it("quotes word for word, from exactly one place in the snapshot", () => {
    const misquoted = snapshotsOf(studio).flatMap(({ text, facts }) =>
      facts.filter(({ exact }) => exact === "" || text.split(exact).length !== 2).map(({ key }) => key),
    );
    expect(misquoted).toEqual([]);
  });

  it("holds several sentences of every source, at most a page", () => {
    const lengths = snapshotsOf(studio).map(({ key, text }): [string, number] => [key, words(text)]);
    expect(lengths.filter(([, n]) => n < 50 || n > 300)).toEqual([]);
  });

  it("computes facts only from facts that stand before them", () => {
    const seen = new Set<string>();
    for (const { key, derivedFrom = [] } of factsOf(studio)) {
      expect([key, derivedFrom.filter((from) => !seen.has(from))]).toEqual([key, []]);
      seen.add(key);
    }
  });

  it("gives every data point its number, and every quote of a snapshot one fact", () => {
    expect(factsOf(studio).filter(({ kind, value }) => kind === "DATA_POINT" && value === undefined)).toEqual([]);
    for (const { facts } of snapshotsOf(studio)) expect(repeated(facts.map(({ exact }) => exact))).toEqual([]);
  });

  it("links a fact to a claim in one stance only", () => {
    for (const { key, supportedBy, contradictedBy = [], considered = [] } of studio.claims)
      expect([key, repeated([...supportedBy, ...contradictedBy, ...considered])]).toEqual([key, []]);
  });

  it("holds snapshots oldest first, the last when the source was retrieved, none before publication", () => {
    for (const { key, publishedAt, retrievedAt, snapshots } of studio.sources) {
      const instants = snapshots.map(({ capturedAt }) => capturedAt);
      expect([key, [...instants].sort()]).toEqual([key, instants]);
      expect([key, instants.at(-1)]).toEqual([key, retrievedAt]);
      expect([key, publishedAt === undefined || publishedAt < retrievedAt]).toEqual([key, true]);
    }
  });

  it("writes dates that exist, and no instant that is still to come for a reader of November 2026", () => {
    for (const [path, text] of strings(studio)) {
      if (!/\/(asOfDate|\w+At)$/.test(path)) continue;
      const instant = new Date(text);
      expect([path, text.length === 10 || text.length === 20]).toEqual([path, true]);
      expect([path, instant.toISOString().slice(0, 10)]).toEqual([path, text.slice(0, 10)]);
      expect([path, path.endsWith("asOfDate") || text < "2026-11-21"]).toEqual([path, true]);
    }
  });

  it("dates exactly the episodes that were ever published", () => {
    for (const { key, status, publishedAt } of studio.episodes)
      expect([key, publishedAt === undefined]).toEqual([key, status === "DRAFT" || status === "IN_REVIEW"]);
  });

  it("dates exactly the incidents that are resolved, after they were opened", () => {
    for (const { status, openedAt, resolvedAt } of studio.incidents) {
      expect(resolvedAt !== undefined).toBe(status === "RESOLVED");
      expect(resolvedAt === undefined || resolvedAt > openedAt).toBe(true);
    }
  });

  it("gives every episode four to eight scenes, and every scene a title of its own, narration and one to four claims", () => {
    for (const { key, scenes } of studio.episodes) {
      expect([key, scenes.length >= 4 && scenes.length <= 8]).toEqual([key, true]);
      expect([key, repeated(scenes.map(({ title }) => title))]).toEqual([key, []]);
      for (const { narration, claims } of scenes) {
        expect([key, claims.length >= 1 && claims.length <= 4]).toEqual([key, true]);
        expect([key, repeated(claims)]).toEqual([key, []]);
        expect(words(narration)).toBeGreaterThan(3);
      }
    }
  });

  it("never published an episode with a claim that nothing supports", () => {
    const bare = new Set(studio.claims.filter(({ supportedBy }) => supportedBy.length === 0).map(({ key }) => key));
    const published = studio.episodes.filter(({ publishedAt }) => publishedAt !== undefined);
    expect(published.flatMap(claimKeysOf).filter((claim) => bare.has(claim))).toEqual([]);
  });

  it("states no fact for an episode that it could not have known when it was published", () => {
    const known = sourceByFact(studio);
    const early = studio.episodes
      .filter(({ status }) => status === "PUBLISHED")
      .flatMap(({ key, publishedAt, scenes }) =>
        scenes
          .flatMap(({ claims }) => claims)
          .filter((claim) =>
            studio.claims
              .find((c) => c.key === claim)!
              .supportedBy.every((fact) => {
                const snapshot = known.get(fact)!.snapshots.find(({ facts }) => facts.some((f) => f.key === fact))!;
                return snapshot.capturedAt > publishedAt!;
              }),
          )
          .map((claim) => `${key}: ${claim}`),
      );
    expect(early).toEqual([]);
  });

  it("names only hosts that are reserved for examples", () => {
    for (const [path, text] of strings(studio))
      for (const host of text.match(/(?<=:\/\/)[^/\s]+|\b[\w-]+\.(?:com|org|net|io|tv|gov)\b/g) ?? [])
        expect([path, host]).toEqual([path, expect.stringMatching(/\.example$/)]);
  });

  it("holds clean text: NFC, no control characters but line ends, no stray spaces", () => {
    for (const [path, text] of strings(studio)) {
      expect([path, text.normalize("NFC") === text && text.trim() === text]).toEqual([path, true]);
      // oxlint-disable-next-line no-control-regex -- finding them is the point
      expect([path, /[\u0000-\u0009\u000b-\u001f\u007f]| {2}/.test(text)]).toEqual([path, false]);
    }
  });
});

describe("the demo studio", () => {
  const studio: Studio = demo;
  const facts = factsOf(studio);
  const withStatus = (status: string) => studio.sources.filter((source) => source.status === status);

  it("is large enough to be interesting", () => {
    expect(studio.channels).toHaveLength(2);
    expect(studio.topics).toHaveLength(12);
    expect(studio.sources.length).toBeGreaterThanOrEqual(40);
    expect(snapshotsOf(studio).length).toBeGreaterThanOrEqual(55);
    expect(facts.length).toBeGreaterThanOrEqual(120);
    expect(studio.claims.length).toBeGreaterThanOrEqual(110);
    expect(studio.episodes.length).toBeGreaterThanOrEqual(36);
    expect(studio.decisions.length).toBeGreaterThanOrEqual(5);
    expect(studio.incidents.length).toBeGreaterThanOrEqual(2);
  });

  it("has every status, kind and tier", () => {
    const all = (values: readonly (string | number | undefined)[]) => [...new Set(values)].sort();
    expect(all(studio.sources.map(({ status }) => status))).toEqual([...SOURCE_STATUSES].sort());
    expect(all(studio.sources.map(({ tier }) => tier))).toEqual([1, 2, 3]);
    expect(all(snapshotsOf(studio).map(({ kind }) => kind))).toEqual([...SNAPSHOT_KINDS].sort());
    expect(all(studio.claims.map(({ kind }) => kind))).toEqual([...CLAIM_KINDS].sort());
    expect(all(studio.claims.map(({ status = "STATED" }) => status))).toEqual([...CLAIM_STATUSES].sort());
    expect(all(studio.episodes.map(({ status }) => status))).toEqual([...EPISODE_STATUSES].sort());
    expect(all(studio.incidents.map(({ status }) => status))).toEqual([...INCIDENT_STATUSES].sort());
  });

  it("has some stale sources, a dead one and one that was retracted under several live episodes", () => {
    expect(withStatus("STALE").length).toBeGreaterThanOrEqual(4);
    expect(withStatus("DEAD")).toHaveLength(1);
    expect(keysOf(withStatus("RETRACTED"))).toEqual(["tarn-trial"]);
    const ofTrial = new Set(keysOf(withStatus("RETRACTED")[0]!.snapshots.flatMap((snapshot) => snapshot.facts)));
    const standing = new Set(studio.claims.filter((c) => c.supportedBy.some((f) => ofTrial.has(f))).map((c) => c.key));
    const live = studio.episodes.filter((e) => isLive(e) && claimKeysOf(e).some((claim) => standing.has(claim)));
    expect(live.length).toBeGreaterThanOrEqual(6);
  });

  it("has claims that fall with the retracted source, claims that only copies of it still hold, and claims that survive", () => {
    const touched = studio.claims.filter(
      (claim) => voices(studio, claim).size > 0 && claim.supportedBy.some((fact) => fact.startsWith("tarn-trial/")),
    );
    const left = touched.map((claim) => voices(studio, claim, ["RETRACTED"]));
    expect(left.some((remaining) => remaining.size === 0)).toBe(true);
    expect(left.some((remaining) => remaining.size === 1 && remaining.has("tarn-institute"))).toBe(true);
    expect(left.some((remaining) => [...remaining].some((voice) => voice !== "tarn-institute"))).toBe(true);
  });

  it("has claims with several independent voices, with one, and with none", () => {
    const count = studio.claims.map((claim) => voices(studio, claim).size);
    expect(count.filter((n) => n >= 2).length).toBeGreaterThanOrEqual(10);
    expect(count.filter((n) => n === 1).length).toBeGreaterThanOrEqual(40);
    expect(count.filter((n) => n === 0).length).toBeGreaterThanOrEqual(3);
  });

  it("has contradictions, some settled by a decision and some open", () => {
    const decided = new Set(studio.decisions.flatMap(({ about }) => keysOf(about)));
    const contradicted = studio.claims.filter(({ contradictedBy = [] }) => contradictedBy.length > 0);
    expect(contradicted.length).toBeGreaterThanOrEqual(8);
    expect(contradicted.filter(({ key }) => decided.has(key)).length).toBeGreaterThanOrEqual(5);
    expect(contradicted.filter(({ key }) => !decided.has(key)).length).toBeGreaterThanOrEqual(3);
  });

  it("calls a claim wrong only where something speaks against it and a decision or an incident says so", () => {
    const wrong = studio.claims.filter(({ status }) => status === "WRONG");
    expect(wrong.filter(({ contradictedBy = [] }) => contradictedBy.length === 0)).toEqual([]);
    const judged = [...studio.decisions.flatMap(({ about }) => about), ...studio.incidents.flatMap((i) => i.affects)];
    expect(keysOf(wrong).filter((key) => !keysOf(judged).includes(key))).toEqual([]);
  });

  it("gives each publisher a domain of its own, so that an office of the state is a voice of its own", () => {
    const publisher = new Map(studio.sources.map((source) => [domainOf(source.url), source.publisher]));
    expect(studio.sources.filter((source) => publisher.get(domainOf(source.url)) !== source.publisher)).toEqual([]);
  });

  it("has a chain of citations three links long, a circle of three, and copies that count as one voice", () => {
    expect(reach(studio, "rimewall-blog")).toEqual(new Set(["ledger-heat-pumps", "tarn-press", "tarn-trial"]));
    const circle = keysOf(studio.sources.filter(({ key }) => reach(studio, key).has(key)));
    expect(circle.sort()).toEqual(["hearthwiki-insulation", "insulation-board", "thriftnest-guide"]);
    const groups = studio.sources.flatMap(({ independenceGroup }) => independenceGroup ?? []);
    expect(new Set(groups).size).toBeGreaterThanOrEqual(3);
  });

  it("has sources read twice, whose figures differ, and one text that two sources share", () => {
    expect(studio.sources.filter(({ snapshots }) => snapshots.length > 1).length).toBeGreaterThanOrEqual(10);
    expect(repeated(snapshotsOf(studio).map(({ text }) => text))).toHaveLength(1);
  });

  it("shares claims among episodes", () => {
    const uses = studio.claims.map(({ key }) => studio.episodes.filter((e) => claimKeysOf(e).includes(key)).length);
    expect(uses.filter((n) => n >= 3).length).toBeGreaterThanOrEqual(15);
  });
});

describe("both studios", () => {
  it("make two tenants, three channels and 40 episodes or more", () => {
    expect(new Set([demo.tenant.id, northlight.tenant.id]).size).toBe(2);
    expect(demo.channels.length + northlight.channels.length).toBe(3);
    expect(demo.episodes.length + northlight.episodes.length).toBeGreaterThanOrEqual(40);
  });

  it("read the same pages and state the same sentences, so that a leak between tenants would show", () => {
    const common = (a: readonly string[], b: readonly string[]) => a.filter((value) => b.includes(value)).length;
    const [left, right]: [Studio, Studio] = [demo, northlight];
    expect(
      common(
        left.sources.map((s) => s.url),
        right.sources.map((s) => s.url),
      ),
    ).toBeGreaterThanOrEqual(5);
    expect(
      common(
        left.claims.map((c) => c.text),
        right.claims.map((c) => c.text),
      ),
    ).toBeGreaterThanOrEqual(8);
    expect(
      common(
        snapshotsOf(left).map((s) => s.text),
        snapshotsOf(right).map((s) => s.text),
      ),
    ).toBeGreaterThanOrEqual(2);
    expect(common(keysOf(left.claims), keysOf(right.claims))).toBe(0);
  });
});
