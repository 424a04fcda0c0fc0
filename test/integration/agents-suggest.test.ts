import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Caller } from "../../server/commands/caller.js";
import { reviseClaim, setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { act, codesOf, done, nodeNow } from "../kit/approvals.js";
import { buildClaim, buildFact, buildSnapshot } from "../kit/build.js";
import { newTenant, type TestTenant } from "../kit/tenant.js";

/* What an agent says of evidence is suggested: a person, or the quote's own words, make it more. */

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Whoever isn't a person, however they are known as such. */
async function agents(t: TestTenant): Promise<Caller[]> {
  const admin = t.caller("tenant-admin");
  await done(registerPrincipal, admin, { key: "desk", name: "Desk", kind: "AGENT", roles: ["editor"] });
  await done(registerPrincipal, admin, { key: "cleo", name: "Cleo", kind: "HUMAN", roles: ["editor"] });
  return [
    t.person("bot", "agent"),
    t.person("both", "agent", "editor"),
    t.person("desk", "editor"),
    { ...t.person("hand", "editor"), onBehalfOf: "cleo" },
  ];
}

async function evidence(t: TestTenant, id: string): Promise<string[]> {
  const ask = `query ($id: ID!) { node(id: $id) { ... on Claim { evidence { stance basis } } } }`;
  const { data } = await api.ask(t.id, ask, { id });
  return data.node.evidence.map((one: { stance: string; basis: string }) => `${one.stance} ${one.basis}`).sort();
}

describe("an agent", { timeout: 240_000 }, () => {
  it("links what it considered or holds against a claim, and nothing as support but the quote's own words", async () => {
    const t = await newTenant();
    const says = "The bridge of Basel was opened in 1932.";
    const snapshotId = await buildSnapshot(t, { text: says });
    const fact = await buildFact(t, { snapshotId, quote: says });
    for (const agent of await agents(t)) {
      const claim = await buildClaim(t, { text: `The bridge of Basel is old, thinks ${agent.actor}.` });
      const link = (stance: string, who: Caller) => act(linkEvidence, who, { claimId: claim, factId: fact, stance });
      expect(await link("SUPPORTS", agent), agent.actor).toMatchObject({
        ok: false,
        problems: [{ code: "FORBIDDEN", path: "stance", message: expect.stringContaining("as CONSIDERED") }],
      });
      for (const stance of ["CONSIDERED", "CONTRADICTS"]) expect(codesOf(await link(stance, agent))).toEqual([]);
      expect(await evidence(t, claim), agent.actor).toEqual(["CONSIDERED AGENT", "CONTRADICTS AGENT"]);
      // A person's word takes the suggestion's place, and no suggestion takes a person's.
      const person = t.person("ed", "editor");
      for (const who of [person, agent]) expect(codesOf(await link("CONSIDERED", who))).toEqual([]);
      expect(codesOf(await link("SUPPORTS", person))).toEqual([]);
      expect(await evidence(t, claim)).toEqual(["CONSIDERED PERSON", "CONTRADICTS AGENT", "SUPPORTS PERSON"]);
    }
    const verbatim = await buildClaim(t, { text: says });
    await done(linkEvidence, t.person("bot", "agent"), { claimId: verbatim, factId: fact, stance: "SUPPORTS" });
    expect(await evidence(t, verbatim)).toEqual(["SUPPORTS VERBATIM"]);
  });

  it("raises doubt, and never ends it", async () => {
    const t = await newTenant();
    for (const agent of await agents(t)) {
      const claimId = await buildClaim(t);
      const say = (status: string) => act(setClaimStatus, agent, { claimId, status });
      const forbidden = { ok: false, problems: [{ code: "FORBIDDEN", path: "status" }] };
      for (const status of ["NEEDS_RECHECK", "WRONG"]) {
        expect(codesOf(await say(status))).toEqual([]);
        expect(await say("STATED"), `${agent.actor} ${status}`).toMatchObject(forbidden);
      }
      const text = `In other words of ${agent.actor}.`;
      expect(await act(reviseClaim, agent, { claimId, text, status: "STATED" })).toMatchObject(forbidden);
      await done(setClaimStatus, t.person("ed", "editor"), { claimId, status: "STATED" });
      expect(codesOf(await act(reviseClaim, agent, { claimId, text }))).toEqual([]);
      expect(await nodeNow(t, "Claim", claimId)).toMatchObject({ title: text, status: "NEEDS_RECHECK" });
      const past = await buildClaim(t, { kind: "PRICE", recheckBy: 1 });
      expect(await act(setClaimStatus, agent, { claimId: past, status: "STATED" })).toMatchObject(forbidden);
    }
  });
});
