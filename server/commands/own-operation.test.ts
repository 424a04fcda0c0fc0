import { describe, expect, it } from "vitest";
import { seedCaller, systemCaller, type Caller } from "./caller.js";
import { OWN_OPERATIONS, ownIdTaken } from "./own-operation.js";

const somebody: Caller = { tenantId: "acme", actor: "ana", name: "Ana", roles: ["editor"] };

describe("an operation id that begins like this installation's own", () => {
  it.each(OWN_OPERATIONS)("is nobody else's: %s/", (begins) => {
    const id = `${begins}/acme/2026-11-21T04:00Z/1`;
    expect(ownIdTaken(undefined, somebody, id)).toMatchObject({ code: "BAD_INPUT", path: "operationId" });
    expect(ownIdTaken(undefined, somebody, id)!.message).toContain(`\`${begins}/\``);
    expect(ownIdTaken(undefined, systemCaller("acme"), id)).toBeNull();
    expect(ownIdTaken(undefined, seedCaller("acme"), id)).toBeNull();
  });

  it("is its door's, and no other door's", () => {
    expect(ownIdTaken("webhook", somebody, "webhook/one/two")).toBeNull();
    expect(ownIdTaken("webhook", somebody, "import/one/two")).not.toBeNull();
  });

  it.each(["jobs/1-2-3-4", "my/job/1-2-3", "job-1-2-3", "0b0e7b6c-6ad1-4a53-9f0e-3a4b7a3f2b11", "test/job/1"])(
    "isn't every other: %s",
    (id) => expect(ownIdTaken(undefined, somebody, id)).toBeNull(),
  );
});
