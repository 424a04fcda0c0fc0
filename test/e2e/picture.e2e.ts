import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDemo } from "../../seed/seed.js";
import { startApi, type TestApi } from "../kit/api.js";
import { projectRoot } from "../kit/project-root.js";
import { sealTenant } from "../kit/seal.js";
import { describeInBrowser, expectAccessible, launch, SETUP_MS, picture, shown, visit } from "./browser.js";
import { followWeakest } from "./weak-claim.js";

/** The picture in the README. Remove it and run these tests to have a new one. */
const README_PICTURE = join(projectRoot, "docs/images/lineage.png");

describeInBrowser("the demo studio", () => {
  let browser: Browser;
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
    await seedDemo(api.services, () => {}, sealTenant);
    browser = await launch();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("has live episodes, weak spots and a claim whose evidence disagrees", async () => {
    const { page, complaints, close } = await visit(browser, api.signInLink("demo", "analyst"));
    for (const title of ["Latest live episodes", "Open incidents", "Retracted and dead sources", "Claims in doubt"]) {
      await page.getByRole("heading", { name: title }).waitFor();
    }
    await expectAccessible(page);
    await picture(page, "home");
    const { data } = await api.ask(
      "demo",
      `{ claims(filter: { status: [WRONG] }, first: 1) { edges { node { id evidence { stance fact { id } } } } } }`,
    );
    const { id, evidence } = data.claims.edges[0].node as {
      id: string;
      evidence: { stance: string; fact: { id: string } }[];
    };
    const against = evidence.find(({ stance }) => stance === "CONTRADICTS")?.fact.id;
    expect(against).toBeDefined();
    await page.goto(`${api.url}/lineage/${id}?direction=both&expand=${against}&select=${id}`);
    await page.getByRole("heading", { name: /^Contradicted by/ }).waitFor();
    await shown(page, /more by expanding/).waitFor();
    await expectAccessible(page);
    await page.evaluate(() => document.fonts.ready);
    await picture(page, "lineage");
    await mkdir(join(README_PICTURE, ".."), { recursive: true });
    if (!existsSync(README_PICTURE))
      await copyFile(join(projectRoot, "test/e2e/screenshots/lineage.png"), README_PICTURE);
    expect(complaints).toEqual([]);
    await close();
  });

  test("shows an analyst its weakest live claim, the quote, when and why it became weak, and a link to that", async () => {
    await followWeakest({ browser, api, tenantId: "demo" });
  });
});
