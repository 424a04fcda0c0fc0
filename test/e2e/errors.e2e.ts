import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { describeInBrowser, expectAccessible, launch, SETUP_MS, shown, type Visit, visit } from "./browser.js";
import { buildWorld, type World, warmUp } from "./world.js";

describeInBrowser("what can go wrong says why", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let at: Visit;
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    await warmUp(api, world);
    browser = await launch();
    at = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("an id that isn't one names the field", async () => {
    await at.page.goto(`${api.url}/lineage/banana`);
    const problem = at.page.getByRole("alert");
    await problem.getByText("The address asks for something impossible").waitFor();
    expect(await problem.locator("code").first().innerText()).toBe("id");
    await expectAccessible(at.page);
  });

  test("a depth out of range names the field and the range", async () => {
    await at.page.goto(`${api.url}/lineage/${world.claim}?depth=99`);
    const problem = at.page.getByRole("alert");
    await problem.getByText(/1 to 12/).waitFor();
    expect(await problem.locator("code").first().innerText()).toBe("depth");
  });

  test("an instant that isn't one names the field", async () => {
    await at.page.goto(`${api.url}/lineage/${world.claim}?asOf=yesterday`);
    expect(await at.page.getByRole("alert").locator("code").first().innerText()).toBe("asOf");
  });

  test("what never was and what is another studio's look the same", async () => {
    const other = await buildWorld();
    const texts: string[] = [];
    for (const id of [other.claim, "Claim:01JCXM3V4T8Z5K2N7Q9R6W1Y0B"]) {
      await at.page.goto(`${api.url}/lineage/${id}`);
      texts.push(await at.page.locator('[data-problem="not-found"]').innerText());
      expect(await at.page.getByText("twice the heat").count()).toBe(0);
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test("an address that is no page says so, and keeps the search at hand", async () => {
    await at.page.goto(`${api.url}/no/such/page`);
    await at.page.getByRole("heading", { name: "No such page" }).waitFor();
    await at.page.getByRole("searchbox").first().waitFor();
  });

  test("a server that is gone is told apart, and trying again works once it is back", async () => {
    const { page } = at;
    await page.goto(`${api.url}/lineage/${world.claim}?direction=upstream`);
    await page.locator(".gnode").first().waitFor();
    await page.route("**/graphql", (route) => route.abort("connectionrefused"));
    await page.getByRole("combobox", { name: "How far" }).selectOption("2");
    await page.getByRole("alert").getByText("The server can't be reached").waitFor();
    await page.unroute("**/graphql");
    await page.getByRole("button", { name: "Try again" }).click();
    await shown(page, /nodes within 2 hops/).waitFor();
  });

  test("a read that took too long says what to ask for instead", async () => {
    const { page } = at;
    await page.route("**/graphql", (route) =>
      route.fulfill({
        json: {
          errors: [{ message: "The read took longer than 5 s and was stopped.", extensions: { code: "TIMEOUT" } }],
        },
      }),
    );
    await page.goto(`${api.url}/lineage/${world.claim}?direction=upstream`);
    await page.getByRole("alert").getByText("That took too long, so it was stopped").waitFor();
    await page.unroute("**/graphql");
  });

  test("a session that ends while one reads says how to go on", async () => {
    const own = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
    await own.page.goto(`${api.url}/lineage/${world.claim}?direction=upstream`);
    await own.page.locator(".gnode").first().waitFor();
    await own.page.context().clearCookies();
    await own.page.getByRole("combobox", { name: "How far" }).selectOption("2");
    await own.page.getByRole("alert").getByText("You are signed out").waitFor();
    await own.page.getByRole("link", { name: "How to sign in" }).waitFor();
    await own.close();
  });
});
