import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { describeInBrowser, focused, launch, SETUP_MS, PATIENCE, shown, tabTo, visit } from "./browser.js";
import { buildWorld, QUOTE, type World, warmUp } from "./world.js";

describeInBrowser("by keyboard alone", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    await warmUp(api, world);
    browser = await launch();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("from search to the quote, through the graph", async () => {
    const { page, complaints, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.getByRole("heading", { name: "What does it stand on?" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("twice the heat");
    await page.keyboard.press("Enter");
    await page
      .locator(".count-line", { hasText: /Showing \d+ of/ })
      .first()
      .waitFor();
    await tabTo(page, /^A heat pump keeps giving/);
    await page.keyboard.press("Enter");
    await page.locator(".gnode").first().waitFor();
    await tabTo(page, /^Claim.*start node/);
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toMatch(/^Fact/);
    // Up and down reach each of the three facts.
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowUp");
    const passed = [await focused(page)];
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press("ArrowDown");
      passed.push(await focused(page));
    }
    expect(new Set(passed).size).toBe(3);
    for (let i = 0; i < 3 && !(await focused(page)).includes("Median output"); i++)
      await page.keyboard.press("ArrowUp");
    expect(await focused(page)).toContain("1 more neighbour upstream");
    await page.keyboard.press("e");
    await shown(page, "1 more by expanding").waitFor();
    expect(await focused(page)).toContain("Median output");
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toMatch(/^Snapshot/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Card of what is selected");
    expect(await page.getByTestId("quote").locator("mark").innerText()).toBe(QUOTE);
    await tabTo(page, "Text of the snapshot");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Close the card" }).waitFor({ state: "detached" });
    await expect.poll(() => focused(page), PATIENCE).toContain("Median output");
    await page.keyboard.press("Home");
    expect(await focused(page)).toContain("start node");
    expect(complaints).toEqual([]);
    await close();
  });

  test("in the table: up and down between rows, Enter opens, E shows what is hidden", async () => {
    const { page, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.goto(`${api.url}/lineage/${world.claim}?direction=upstream&view=table`);
    await page.locator(".table").waitFor();
    await tabTo(page, /^A heat pump keeps giving/);
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    for (let i = 0; i < 4 && !(await focused(page)).includes("Median output"); i++)
      await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toContain("Median output");
    await page.keyboard.press("e");
    await shown(page, "1 more by expanding").waitFor();
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("quote").locator("mark").innerText()).toBe(QUOTE);
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page), PATIENCE).toContain("Median output");
    await close();
  });

  test("the skip link leads past the header, and ? lists the keys", async () => {
    const { page, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.getByRole("heading", { name: "What does it stand on?" }).waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    await page.keyboard.press("?");
    await page.getByText("go to the search field").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("go to the search field").waitFor({ state: "hidden" });
    await close();
  });

  test("what happens is said aloud", async () => {
    const { page, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.goto(`${api.url}/lineage/${world.claim}?direction=upstream`);
    const said = page.locator('[role="status"][aria-live="polite"]');
    await expect.poll(() => said.innerText(), PATIENCE).toContain("Showing 4 of 4 nodes within 1 hop");
    await page.goto(`${api.url}/search?q=zeppelin`);
    await expect.poll(() => said.innerText(), PATIENCE).toBe("Nothing found");
    await close();
  });
});
