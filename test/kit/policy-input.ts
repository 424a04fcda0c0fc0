import { EXEMPTION_STATUSES } from "../../graph-schema/nodes/exemption.js";
import { SWITCH_SCOPES } from "../../graph-schema/nodes/kill-switch.js";
import { PRINCIPAL_KINDS, ROLES } from "../../graph-schema/nodes/principal.js";
import { CAPABILITIES, IRREVERSIBLE } from "../../server/policy/capabilities.js";
import { RULES, type PolicyInput } from "../../server/policy/decision.js";
import type { Random } from "./random.js";

/** Somebody of Acme who does what an editor may: allowed, so that a test says what it changes. */
export const allowedInput = (): PolicyInput => ({
  subject: {
    actor: "ana",
    kind: "HUMAN",
    roles: ["editor"],
    tenant: "acme",
    region: "eu",
    channels: null,
    scopes: null,
    internal: false,
  },
  onBehalfOf: null,
  capability: "claim.write",
  tenant: { id: "acme", status: "ACTIVE", allowedRegions: ["eu"] },
  region: "eu",
  channels: [],
  switches: [],
  exemptions: [],
  irreversible: null,
  auditLagMs: 0,
  now: 1_000_000,
});

const NOW = 1_000_000;
const CHANNELS = ["Channel:A", "Channel:B", "Channel:C"];
const PEOPLE = ["ana", "ben", "cleo", "seed", "system"];
const ODD_TEXTS = ["", "ACME", "acme\u0000", "ａｃｍｅ", "a'\"\\", "null", "\u{1f41d}", "__proto__", "constructor"];
const ODD_VALUES = [null, "", "x", 0, -1, 0.5, 1e21, true, false, [], {}, [null], [1], ["x", 1], { a: "x" }, "ACTIVE"];
const WHEN = [0, NOW - 1, NOW, NOW + 1, NOW + 0.5, 2 ** 53, -1, 1e21];

/**
 * A question to the policy, as JSON would bring it: most are a single step away from one that is allowed, some are far
 * away, and some aren't whole.
 */
export function randomInput(random: Random): unknown {
  const chance = (percent: number) => random.below(100) < percent;
  const some = <T>(items: readonly T[], most: number): T[] =>
    Array.from({ length: random.below(most + 1) }, () => random.pick(items));
  /** Mostly the usual, now and then something else. */
  const mostly = <T>(usual: T, percent: number, other: () => T): T => (chance(percent) ? other() : usual);

  const known = random.pick(chance(25) ? IRREVERSIBLE : CAPABILITIES);
  const capability = mostly<string>(known, 2, () => random.pick([...ODD_TEXTS, "claim.read"]));
  const tenant = mostly<string | null>("acme", 12, () => random.pick(["system", "other", null, "", ...ODD_TEXTS]));
  const home = mostly(tenant, 8, () => random.pick(["system", "system", "system", "acme", null, ...ODD_TEXTS]));
  const channels = some(CHANNELS, 2);
  const held = () => mostly<string[] | null>(null, 15, () => [...some(CHANNELS, 3), ...(chance(50) ? channels : [])]);
  const roles = () => [
    ...some<string>(ROLES, 2),
    ...(chance(70) ? ["tenant-admin"] : []),
    ...(home === "system" && chance(60) ? ["platform-admin"] : []),
    ...(chance(3) ? [random.pick(ODD_TEXTS)] : []),
  ];
  const people = () => some([...PEOPLE, ...(chance(5) ? ODD_TEXTS : [])], 3);
  const actor = random.pick(PEOPLE);
  const input: PolicyInput = {
    subject: {
      actor,
      kind: random.pick([...PRINCIPAL_KINDS, "HUMAN", "HUMAN", "HUMAN", null]),
      roles: roles(),
      tenant: home,
      region: mostly<string | null>("eu", 4, () => random.pick(["us", null, "", "EU"])),
      channels: held(),
      scopes: mostly<string[] | null>(null, 10, () => [...some(CAPABILITIES, 3), ...(chance(60) ? [capability] : [])]),
      internal: chance(10),
    },
    onBehalfOf: mostly<PolicyInput["onBehalfOf"]>(null, 12, () => ({
      actor: random.pick(PEOPLE),
      roles: roles(),
      channels: held(),
    })),
    capability,
    tenant: {
      id: tenant,
      status: mostly<PolicyInput["tenant"]["status"]>("ACTIVE", 8, () => random.pick(["SUSPENDED", null])),
      allowedRegions: mostly(["eu"], 8, () => some(["eu", "us", ""], 2)),
    },
    region: mostly("eu", 2, () => random.pick(["us", "EU"])),
    channels,
    switches: mostly<PolicyInput["switches"]>([], 15, () =>
      some([0, 1], 2).map(() => ({
        scope: random.pick(SWITCH_SCOPES),
        target: random.pick([null, capability, "claim.write", "switch.write", ...CHANNELS]),
        expiresAt: random.pick([null, ...WHEN]),
      })),
    ),
    exemptions: mostly<PolicyInput["exemptions"]>([], 30, () =>
      some([0, 1, 2], 3).map(() => ({
        rule: random.pick(["approval", "publish-gate", ...Object.keys(RULES), ...EXEMPTION_STATUSES]),
        channelId: random.pick([null, ...CHANNELS]),
        expiresAt: random.pick(WHEN),
      })),
    ),
    irreversible: mostly<PolicyInput["irreversible"]>(null, 40, () => ({
      proposer: random.pick([actor, ...PEOPLE]),
      approvers: people(),
      gate: mostly<string[]>([], 15, () => ["a claim without support"]),
    })),
    auditLagMs: mostly(random.below(60_001), 5, () => random.pick([60_000, 60_000.5, 60_001, 1e21, -1])),
    now: NOW,
  };
  const question: unknown = structuredClone(input);
  return chance(5) ? broken(question, random) : question;
}

/** The same with one value gone or replaced. */
function broken(question: unknown, random: Random): unknown {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (holder: unknown): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const [key, value] of Object.entries(holder)) {
      places.push([holder as Record<string, unknown>, key]);
      walk(value);
    }
  };
  walk({ question });
  const holder = { question };
  places[0] = [holder, "question"];
  const [where, key] = random.pick(places);
  // A gap in a list is null in JSON, so only objects lose a field.
  if (!Array.isArray(where) && where !== holder && random.below(2) === 0) delete where[key];
  else where[key] = structuredClone(random.pick(ODD_VALUES));
  return holder.question;
}
