import type { Caller } from "../../server/commands/caller.js";
import type { Command } from "../../server/commands/command.js";
import type { EdgeType } from "../../graph-schema/catalog.js";
import { approve } from "../../server/domains/approval/approval.service.js";
import { reviseClaim, setClaimStatus, stateClaim } from "../../server/domains/claim/claim.service.js";
import { endConflict, recordConflict } from "../../server/domains/claim/conflict.service.js";
import { decideConflict } from "../../server/domains/decision/conflict-decision.service.js";
import { linkEvidence, STANCES, unlinkEvidence, type Stance } from "../../server/domains/evidence/evidence.service.js";
import { extractFact } from "../../server/domains/fact/fact.service.js";
import { propose } from "../../server/domains/proposal/proposal.service.js";
import { createScene } from "../../server/domains/scene/scene.service.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { setSourceRating } from "../../server/domains/source/rating.service.js";
import { registerSource } from "../../server/domains/source/source.service.js";
import { endSupersession, supersedeSource } from "../../server/domains/source/withdrawal.service.js";
import type { Effect, HistoryModel, Made } from "./history-model.js";
import type { Random } from "./random.js";

/*
 * What writers do to a graph in a random history: a table of changes, each with the command that makes it and, in the plainest
 * words there are, what it does. A new command that changes content gets a row.
 */

/** Why every change of a random history is made. */
export const REASON = "a random history";

/** Sources that are never superseded or retracted; facts are computed only from facts of these, and only these are renamed. */
const LASTING = 3;
const SOURCES = 8;

/** What writers know of by now. Ids are public ones. */
export interface World {
  readonly episode: string;
  readonly sources: Map<number, string>;
  readonly snapshots: Map<string, { readonly source: number; readonly quote: string }>;
  readonly facts: Map<string, { readonly source: number }>;
  readonly claims: Set<string>;
  readonly scenes: Set<string>;
  /** Counts things that are made. */
  made: number;
}

export const newWorld = (episode: string): World => ({
  episode,
  sources: new Map(),
  snapshots: new Map(),
  facts: new Map(),
  claims: new Set(),
  scenes: new Set(),
  made: 0,
});

export type Run = <I, R>(
  command: Command<I, R>,
  input: object,
  caller?: Caller,
) => Promise<{ readonly result: R; readonly at: number }>;

/** Makes one change with commands, and says what it did. */
type Act = (run: Run) => Promise<Made>;

export interface Change {
  readonly name: string;
  /** How often, among the others. */
  readonly weight: number;
  /** True for a change that reads what it doesn't lock: it waits until nobody else writes. */
  readonly alone?: boolean;
  /** Null when there is nothing yet that it could change. */
  prepare(world: World, random: Random): Act | null;
}

const keys = <K>(map: ReadonlyMap<K, unknown> | ReadonlySet<K>): K[] => [...map.keys()];

/** A change by one command. */
const by =
  <I, R>(
    command: Command<I, R>,
    input: object,
    effects: (result: R, model: HistoryModel, at: number) => readonly Effect[],
    known: (result: R) => void = () => {},
  ): Act =>
  async (run) => {
    const { result, at } = await run(command, input);
    known(result);
    return { at, effects: (model, instant) => effects(result, model, instant) };
  };

const twoOf = <T>(random: Random, items: readonly T[]): readonly [T, T] | null => {
  const [one, other] = random.shuffle(items);
  return one === undefined || other === undefined ? null : [one, other];
};

export const CHANGES: readonly Change[] = [
  {
    name: "registerSource",
    weight: 3,
    prepare(world, random) {
      const n = random.below(SOURCES);
      const known = world.sources.get(n);
      const given = {
        title: n < LASTING ? `Source ${n}, ${random.below(3)}` : `Source ${n}`,
        tier: 1 + random.below(3),
      };
      const cited = world.sources.size > 0 && random.below(2) === 0 ? [random.pick([...world.sources.values()])] : [];
      const citesIds = cited.filter((id) => id !== known);
      const fresh = { reliability: "F", independenceGroup: `source-${n}.example`, status: "ACTIVE" };
      return by(
        registerSource,
        { url: `https://source-${n}.example/`, ...given, citesIds },
        ({ sourceId }) => [
          { born: sourceId, properties: { ...given, ...fresh } },
          { revised: sourceId, properties: given },
          ...citesIds.map((to): Effect => ({ open: ["CITES", sourceId, to] })),
        ],
        ({ sourceId }) => world.sources.set(n, sourceId),
      );
    },
  },
  {
    name: "setSourceRating",
    weight: 3,
    prepare(world, random) {
      if (world.sources.size === 0) return null;
      const sourceId = random.pick([...world.sources.values()]);
      const rating = random.pick([
        { tier: 1 + random.below(3) },
        { reliability: random.pick(["A", "C", "F"]), independenceGroup: `group-${random.below(3)}` },
      ]);
      return by(setSourceRating, { sourceId, ...rating }, () => [{ revised: sourceId, properties: rating }]);
    },
  },
  {
    name: "captureSnapshot",
    weight: 1,
    prepare(world, random) {
      if (world.sources.size === 0) return null;
      const [source, sourceId] = random.pick([...world.sources]);
      const n = random.below(4);
      const quote = `number ${n}`;
      return by(
        captureSnapshot,
        { sourceId, text: `Reading ${n} of ${source} says ${quote}.`, kind: "FULL" },
        ({ snapshotId }, model) => [
          { born: snapshotId, properties: { title: model.present(sourceId)!.title } },
          { open: ["CAPTURED_FROM", snapshotId, sourceId] },
        ],
        ({ snapshotId }) => world.snapshots.set(snapshotId, { source, quote }),
      );
    },
  },
  {
    name: "extractFact",
    weight: 2,
    prepare(world, random) {
      if (world.snapshots.size === 0) return null;
      const [snapshotId, { source, quote: exact }] = random.pick([...world.snapshots]);
      const lasting = [...world.facts].flatMap(([id, fact]) => (fact.source < LASTING ? [id] : []));
      const derives = source < LASTING && lasting.length > 0 && random.below(2) === 0;
      const derivedFromIds = derives ? [random.pick(lasting)] : [];
      return by(
        extractFact,
        { snapshotId, quote: { exact }, derivedFromIds },
        ({ factId }) => [
          { born: factId, properties: { title: exact } },
          { open: ["QUOTED_FROM", factId, snapshotId] },
          ...derivedFromIds.map((to): Effect => ({ open: ["DERIVED_FROM", factId, to] })),
        ],
        ({ factId }) => world.facts.set(factId, { source }),
      );
    },
  },
  {
    name: "createScene",
    weight: 0.4,
    prepare(world, random) {
      const ordinal = ++world.made;
      const title = `Scene ${ordinal}`;
      const claimIds = world.claims.size > 0 ? [random.pick(keys(world.claims))] : [];
      return by(
        createScene,
        { episodeId: world.episode, title, ordinal, claimIds },
        ({ sceneId }) => [
          { born: sceneId, properties: { title } },
          { open: ["HAS_SCENE", world.episode, sceneId] },
          ...claimIds.map((to): Effect => ({ open: ["STATES", sceneId, to] })),
        ],
        ({ sceneId }) => world.scenes.add(sceneId),
      );
    },
  },
  {
    name: "stateClaim",
    weight: 2,
    prepare(world, random) {
      if (world.scenes.size === 0) return null;
      const sceneId = random.pick(keys(world.scenes));
      const text = `Claim ${random.below(12)}`;
      return by(
        stateClaim,
        { text, sceneIds: [sceneId] },
        ({ claimId }) => [
          { born: claimId, properties: { title: text, kind: "OTHER", ...standing("STATED") } },
          { open: ["STATES", sceneId, claimId] },
        ],
        ({ claimId }) => world.claims.add(claimId),
      );
    },
  },
  {
    name: "reviseClaim",
    weight: 3,
    prepare(world, random) {
      if (world.claims.size === 0) return null;
      const claimId = random.pick(keys(world.claims));
      const revision = random.pick([
        { kind: random.pick(["PRICE", "COUNT", "OTHER"]) },
        { text: `Revised ${++world.made}` },
      ]);
      if ("kind" in revision)
        return by(reviseClaim, { claimId, ...revision }, () => [{ revised: claimId, properties: revision }]);
      // One version, though it says two things.
      const because = `Its words changed, and nobody has judged what bears on it since: ${REASON}`;
      return by(reviseClaim, { claimId, ...revision }, (_, model, at) => {
        const inDoubt = marked(model, claimId, because, at).flatMap((one) =>
          "revised" in one ? [one.properties] : [],
        );
        return [{ revised: claimId, properties: Object.assign({ title: revision.text }, ...inDoubt) }];
      });
    },
  },
  {
    name: "setClaimStatus",
    weight: 4,
    prepare(world, random) {
      if (world.claims.size === 0) return null;
      const claimId = random.pick(keys(world.claims));
      const status = random.pick(["STATED", "NEEDS_RECHECK", "WRONG"]);
      return by(setClaimStatus, { claimId, status }, (_, model, at) => {
        const { recheckReason, recheckSince } = model.present(claimId)!;
        return [
          { revised: claimId, properties: standing(status, [recheckReason ?? REASON, recheckSince ?? at] as const) },
        ];
      });
    },
  },
  {
    name: "linkEvidence",
    weight: 6,
    prepare: (world, random) => {
      const pair = linkOf(world, random);
      if (pair === null) return null;
      const { claimId, factId, type } = pair;
      return by(linkEvidence, pair.input, (_, model, at) => {
        const opens = !model.isOpen(type, claimId, factId);
        const fallen = opens && type === "SUPPORTED_BY" ? fallenUnder(model, factId) : [];
        return [...fallen.flatMap((because) => marked(model, claimId, because, at)), { open: [type, claimId, factId] }];
      });
    },
  },
  {
    name: "unlinkEvidence",
    weight: 5,
    prepare: (world, random) => {
      const pair = linkOf(world, random);
      if (pair === null) return null;
      return by(unlinkEvidence, pair.input, () => [{ close: [pair.type, pair.claimId, pair.factId] }]);
    },
  },
  {
    name: "recordConflict",
    weight: 1,
    prepare: (world, random) =>
      conflict(world, random, recordConflict, (from, to) => ({ open: ["CONFLICTS_WITH", from, to] })),
  },
  {
    name: "endConflict",
    weight: 1,
    prepare: (world, random) =>
      conflict(world, random, endConflict, (from, to) => ({ close: ["CONFLICTS_WITH", from, to] })),
  },
  {
    name: "decideConflict",
    weight: 2,
    prepare: (world, random) => {
      const pair = twoOf(random, keys(world.claims));
      if (pair === null) return null;
      const [claimId, againstId] = pair;
      const title = `Decision ${++world.made}`;
      return by(decideConflict, { claimId, againstId, rationale: "weighed", title }, ({ decisionId }, model) => [
        { born: decisionId, properties: { title } },
        { open: ["ABOUT", decisionId, claimId] },
        { open: ["ABOUT", decisionId, againstId] },
        { open: ["PICKS", decisionId, claimId] },
        ...inForce(model, claimId, againstId).flatMap(([earlier, picked]): Effect[] =>
          earlier === decisionId
            ? []
            : [{ close: ["PICKS", earlier, picked] }, { open: ["REPLACES", decisionId, earlier] }],
        ),
      ]);
    },
  },
  {
    name: "supersedeSource",
    weight: 1,
    alone: true,
    prepare: (world, random) => {
      const pair = twoOf(random, fallible(world));
      if (pair === null) return null;
      const [sourceId, byId] = pair;
      return by(supersedeSource, { sourceId, byId }, (_, model, at) => {
        const [source, successor] = [model.present(sourceId)!, model.present(byId)!];
        const because = `The source “${source.title}” was superseded by “${successor.title}”: ${REASON}`;
        const status = source.status === "ACTIVE" ? "STALE" : source.status;
        return [
          ...standingOn(model, sourceId).flatMap((claim) => marked(model, claim, because, at)),
          ...model
            .beside(sourceId, "SUPERSEDED_BY", "out")
            .map((to): Effect => ({ close: ["SUPERSEDED_BY", sourceId, to] })),
          { open: ["SUPERSEDED_BY", sourceId, byId] },
          { revised: sourceId, properties: { status } },
        ];
      });
    },
  },
  {
    name: "endSupersession",
    weight: 1,
    alone: true,
    prepare: (world, random) => {
      const pair = twoOf(random, fallible(world));
      if (pair === null) return null;
      const [sourceId, byId] = pair;
      return by(endSupersession, { sourceId, byId }, () => [{ close: ["SUPERSEDED_BY", sourceId, byId] }]);
    },
  },
  {
    name: "retractSource",
    weight: 0.2,
    alone: true,
    prepare: (world, random) => {
      const sources = fallible(world);
      if (sources.length === 0) return null;
      const sourceId = random.pick(sources);
      return async (run) => {
        const { proposalId, contentHash } = (await run(propose, { action: "retractSource", subjectId: sourceId }))
          .result;
        const { at } = await run(approve, { proposalId, contentHash });
        return {
          at,
          effects(model, instant) {
            const because = `The source “${model.present(sourceId)!.title}” was retracted: ${REASON}`;
            return [
              ...standingOn(model, sourceId).flatMap((claim) => marked(model, claim, because, instant)),
              { revised: sourceId, properties: { status: "RETRACTED" } },
            ];
          },
        };
      };
    },
  },
];

/** Where a claim stands; only one that needs a check says why and since when. */
const standing = (status: string, [recheckReason, recheckSince]: readonly [unknown, unknown] = [null, null]) =>
  status === "NEEDS_RECHECK"
    ? { status, recheckReason, recheckSince }
    : { status, recheckReason: null, recheckSince: null };

function linkOf(world: World, random: Random) {
  if (world.claims.size === 0 || world.facts.size === 0) return null;
  const [claimId, factId] = [random.pick(keys(world.claims)), random.pick(keys(world.facts))];
  const stance = random.pick(Object.keys(STANCES) as Stance[]);
  return { claimId, factId, type: STANCES[stance] as EdgeType, input: { claimId, factId, stance } };
}

function conflict(
  world: World,
  random: Random,
  command: typeof recordConflict | typeof endConflict,
  effect: (from: string, to: string) => Effect,
): Act | null {
  const pair = twoOf(random, keys(world.claims));
  if (pair === null) return null;
  const [from, to] = [...pair].sort();
  return by(command, { claimId: pair[0], otherId: pair[1] }, () => [effect(from!, to!)]);
}

/** Decisions about both claims that still pick one of them. */
const inForce = (model: HistoryModel, one: string, other: string): [string, string][] =>
  [one, other].flatMap((picked) =>
    model
      .beside(picked, "PICKS", "in")
      .filter((decision) => [one, other].every((claim) => model.isOpen("ABOUT", decision, claim)))
      .map((decision): [string, string] => [decision, picked]),
  );

const fallible = (world: World): string[] => [...world.sources].flatMap(([n, id]) => (n < LASTING ? [] : [id]));

/** Claims that a source's facts support, and that nobody found wrong. */
function standingOn(model: HistoryModel, source: string): string[] {
  const facts = new Set(
    model.beside(source, "CAPTURED_FROM", "in").flatMap((snapshot) => model.beside(snapshot, "QUOTED_FROM", "in")),
  );
  // A set that grows while it is walked.
  for (const fact of facts) for (const other of model.beside(fact, "DERIVED_FROM", "in")) facts.add(other);
  const claims = new Set([...facts].flatMap((fact) => model.beside(fact, "SUPPORTED_BY", "in")));
  return [...claims].filter((claim) => model.present(claim)!.status !== "WRONG");
}

/** Why support by a fact is in doubt from the start: the source that it was quoted from has fallen. */
const fallenUnder = (model: HistoryModel, fact: string): string[] =>
  model
    .beside(fact, "QUOTED_FROM", "out")
    .flatMap((snapshot) => model.beside(snapshot, "CAPTURED_FROM", "out"))
    .flatMap((source) => {
      const { title, status } = model.present(source)!;
      const [successor] = model.beside(source, "SUPERSEDED_BY", "out");
      if (status === "RETRACTED") return [`The source “${title}” is retracted.`];
      return successor === undefined
        ? []
        : [`The source “${title}” is superseded by “${model.present(successor)!.title}”.`];
    });

/** Characters of a claim's reasons together. */
const LONGEST = 4_000;

/** A claim needs a check because …; a reason that stands already isn't said twice, and a claim that is wrong stays so. */
function marked(model: HistoryModel, claim: string, because: string, at: number): Effect[] {
  const { status, recheckReason, recheckSince } = model.present(claim) as Record<string, string | null>;
  const lines = recheckReason?.split("\n") ?? [];
  if (status === "WRONG" || (status === "NEEDS_RECHECK" && lines.includes(because))) return [];
  const full =
    recheckReason === null || recheckReason === undefined || recheckReason.length + because.length >= LONGEST;
  return [
    {
      revised: claim,
      properties: standing("NEEDS_RECHECK", [full ? because : `${recheckReason}\n${because}`, recheckSince ?? at]),
    },
  ];
}
