import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { LABELS, NODE_LABELS } from "./catalog.js";
import { formatNodeId, parseNodeId } from "./node-id.js";

describe("a node's id", () => {
  it.each(NODE_LABELS.filter((label) => label !== "Tenant"))("of a %s is its label and a ULID", (label) => {
    const id = ulid();
    expect(parseNodeId(formatNodeId(label, id))).toEqual({ label, id });
  });

  it("of a tenant is its slug", () => {
    expect(parseNodeId("Tenant:demo-2")).toEqual({ label: "Tenant", id: "demo-2" });
    for (const slug of ["d", "Demo", "2demo", "-demo", "de_mo", "d".repeat(41), ulid()])
      expect(parseNodeId(`Tenant:${slug}`)).toBeNull();
  });

  it("is of content only", () => {
    const plumbing = Object.keys(LABELS).filter((label) => !NODE_LABELS.some((content) => content === label));
    expect(plumbing.length).toBeGreaterThan(0);
    for (const label of plumbing) expect(parseNodeId(`${label}:${ulid()}`)).toBeNull();
  });

  it.each([
    "",
    ":",
    "Claim",
    "Claim:",
    "Claim:1",
    ":01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "Claim:01jd3z5x9qw8r7t6y5v4n3m2k1",
    "Claim:81JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2KI",
    "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K12",
    "Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1\n",
    " Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "Claim::01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "toString:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
    "__proto__:01JD3Z5X9QW8R7T6Y5V4N3M2K1",
  ])("isn't %j", (text) => {
    expect(parseNodeId(text)).toBeNull();
  });
});
