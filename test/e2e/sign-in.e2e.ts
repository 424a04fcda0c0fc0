import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { describeInBrowser, expectAccessible, launch, SETUP_MS, visit } from "./browser.js";
import { buildWorld, type World, warmUp } from "./world.js";

describeInBrowser("signing in", () => {
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

  test("a link opens the studio, and the header says whose and as whom", async () => {
    const { page, complaints, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.getByRole("heading", { name: "What does it stand on?" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/");
    const menu = page.getByRole("button", { name: /Analyst/ });
    expect(await menu.innerText()).toContain("analyst");
    expect(await menu.innerText()).toContain(world.tenant.id);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await close();
  });

  test("the home page shows what is live and what is weak", async () => {
    const { page, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.getByRole("link", { name: /Do heat pumps work in the cold\?/ }).waitFor();
    await page.getByText("No open incident").waitFor();
    await close();
  });

  test("without a link any address explains how to sign in", async () => {
    const { page, close } = await visit(browser, `${api.url}/lineage/${world.claim}`);
    await page.getByRole("heading", { name: "Sign in to Throughline" }).waitFor();
    await page.getByText("./throughline up").first().waitFor();
    expect(await page.getByText("heat pump").count()).toBe(0);
    await expectAccessible(page);
    await close();
  });

  test("a broken link says that it is one", async () => {
    const { page, close } = await visit(browser, `${api.url}/sign-in?link=not.a.token`);
    await page.getByRole("alert").getByText("This sign-in link doesn't work.").waitFor();
    await close();
  });

  test("signing out ends the session", async () => {
    const { page, close } = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await page.getByRole("button", { name: /Analyst/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.goto(`${api.url}/search?q=heat`);
    await page.getByRole("heading", { name: "Sign in to Throughline" }).waitFor();
    await close();
  });
});
