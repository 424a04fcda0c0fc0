import { describe, expect, it } from "vitest";
import type { Reader } from "../commands/judge.js";
import { Documents } from "./documents.js";

/** A store that finds nothing the first `late` times. */
function store(late: number, texts: Readonly<Record<string, unknown>>) {
  let looks = 0;
  const run = async (_query: unknown, { hashes }: { hashes: readonly string[] }) =>
    looks++ < late
      ? []
      : hashes.flatMap((sha256) => (sha256 in texts ? [{ sha256, text: JSON.stringify(texts[sha256]) }] : []));
  return { reader: { tenantId: "t", run } as unknown as Reader, looks: () => looks };
}

describe("documents of runs", () => {
  it("are looked for again while an index is behind, and read once", async () => {
    const { reader, looks } = store(3, { a: { said: 1 } });
    const documents = new Documents(reader);
    expect((await documents.read(["a"])).get("a")).toEqual({ said: 1 });
    expect((await documents.read(["a"])).get("a")).toEqual({ said: 1 });
    expect(looks()).toBe(4);
  });

  it("that aren't kept any more are missing, but not for good", async () => {
    const texts: Record<string, unknown> = {};
    const documents = new Documents(store(0, texts).reader);
    expect((await documents.read(["a"])).has("a")).toBe(false);
    texts["a"] = { said: 2 };
    expect((await documents.read(["a"])).get("a")).toEqual({ said: 2 });
  });
});
