import { expect, test } from "vitest";
import { ROLES } from "../../graph-schema/nodes/principal.js";
import { CAPABILITIES } from "../../server/policy/capabilities.js";
import { decideByReference } from "../../server/policy/reference.js";
import { ROLES_THAT_MAY, type Right } from "../../ui/components/rights.js";
import { ROLES as GIVEN_ROLES } from "../../ui/pages/members/roles.js";
import { STOPPABLE } from "../../ui/pages/switches/stoppable.js";

/** Whether the policy turns a role away for being that role. */
const turnedAway = (role: string, capability: Right) =>
  decideByReference({
    subject: {
      actor: "somebody",
      kind: "HUMAN",
      roles: [role],
      tenant: "system",
      region: "local",
      channels: null,
      scopes: null,
      internal: false,
    },
    onBehalfOf: null,
    capability,
    tenant: { id: "system", status: "ACTIVE", allowedRegions: ["local"] },
    region: "local",
    channels: [],
    switches: [],
    exemptions: [],
    irreversible: null,
    auditLagMs: 0,
    now: 0,
  }).denied;

test.each(Object.keys(ROLES_THAT_MAY) as Right[])("the page offers %s to the roles that the policy lets", (right) => {
  const letIn = ROLES.filter((role) => !turnedAway(role, right).includes("role"));
  expect(turnedAway("executive", right)).not.toContain("malformed-input");
  expect([...ROLES_THAT_MAY[right]].toSorted()).toEqual([...letIn].toSorted());
});

test("every role but the platform's own can be given on the page", () => {
  expect([...GIVEN_ROLES].toSorted()).toEqual(ROLES.filter((role) => role !== "platform-admin").toSorted());
});

test("a switch on the page knows each capability but those that see and lift switches, and the platform's own", () => {
  const spared = ["audit.read", "policy.test", "switch.write", "tenant.create", "tenant.suspend"];
  expect([...STOPPABLE].toSorted()).toEqual(CAPABILITIES.filter((one) => !spared.includes(one)).toSorted());
});
