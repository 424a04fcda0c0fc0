import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lineageSchema } from "../../graph-schema/documents/lineage.js";
import { DOCUMENT_NAMES, documentSchema } from "../../graph-schema/documents.js";

const folder = join(import.meta.dirname, "../../graph-schema/documents");

describe("the published JSON Schemas", () => {
  it.each(DOCUMENT_NAMES)("say of %s what its zod shape says (vitest --update writes them anew)", async (name) => {
    const emitted = `${JSON.stringify(documentSchema(name), null, 2)}\n`;
    await expect(emitted).toMatchFileSnapshot(join(folder, `${name}.schema.json`));
  });

  it("say the same of an exported lineage", async () => {
    const emitted = `${JSON.stringify(lineageSchema(), null, 2)}\n`;
    await expect(emitted).toMatchFileSnapshot(join(folder, "lineage.schema.json"));
  });
});
