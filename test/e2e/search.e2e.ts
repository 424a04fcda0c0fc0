import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { describeInBrowser, expectAccessible, launch, SETUP_MS, visit, type Visit } from "./browser.js";
import { buildWorld, importHub, type World, warmUp } from "./world.js";

describeInBrowser("searching", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let at: Visit;
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    await warmUp(api, world);
    browser = await launch();
    await importHub(api, world.tenant, 45);
    at = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("words find a claim, and the result leads to its lineage", async () => {
    const { page } = at;
    await page.getByRole("searchbox").fill("heat pump minus 15");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /more than twice the heat/ }).click();
    await page.waitForURL(/\/lineage\/Claim:/);
    await page.getByRole("heading", { level: 1, name: /more than twice the heat/ }).waitFor();
  });

  test("N of M grows with every page until all are there", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=tower&labels=claim`);
    await page.locator(".count-line", { hasText: "Showing 20 of 45" }).first().waitFor();
    await page.getByRole("button", { name: "Load 20 more" }).click();
    await page.locator(".count-line", { hasText: "Showing 40 of 45" }).first().waitFor();
    await page.getByRole("button", { name: "Load 5 more" }).click();
    await page.locator(".count-line", { hasText: "Showing 45 of 45" }).first().waitFor();
    expect(await page.getByRole("button", { name: /^Load/ }).count()).toBe(0);
    const links = await page.locator(".results a").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(new Set(links).size).toBe(45);
  });

  test("kinds narrow the results, in the address", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=tower`);
    await page.locator(".results").waitFor();
    await page.locator("label", { hasText: "Sources" }).click();
    await page.locator(".count-line", { hasText: "Showing 1 of 1" }).first().waitFor();
    await page.getByRole("link", { name: /List of towers \(tallest\)/ }).waitFor();
    expect(page.url()).toContain("labels=source");
    await page.goBack();
    await page
      .locator(".count-line", { hasText: /Showing 20 of/ })
      .first()
      .waitFor();
  });

  test("nothing found says why, and what to try", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=zeppelin&labels=claim`);
    await page.getByRole("heading", { name: /No claims with all the words of “zeppelin”/ }).waitFor();
    await page.getByText("Search looks at titles").waitFor();
    await page.getByRole("button", { name: "Search all kinds" }).waitFor();
    await expectAccessible(page);
    expect(at.complaints).toEqual([]);
  });

  test("another studio's words are found nowhere", async () => {
    const other = await buildWorld();
    const stranger = await visit(browser, api.signInLink(other.tenant.id, "analyst"));
    await stranger.page.goto(`${api.url}/search?q=tower`);
    await stranger.page.getByRole("heading", { name: /Nothing with all the words/ }).waitFor();
    await stranger.close();
  });
});
