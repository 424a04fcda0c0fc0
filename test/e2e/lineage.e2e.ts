import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../kit/api.js";
import { captureSnapshot } from "../../server/domains/snapshot/snapshot.service.js";
import { unlinkEvidence } from "../../server/domains/evidence/evidence.service.js";
import {
  describeInBrowser,
  expectAccessible,
  launch,
  SETUP_MS,
  NARROW,
  picture,
  shown,
  type Visit,
  visit,
} from "./browser.js";
import { operationId } from "../kit/tenant.js";
import { buildWorld, importHub, QUOTE, type World, warmUp } from "./world.js";

const graphTitles = (page: Page) => page.locator(".gnode-title").allInnerTexts();
const tableTitles = (page: Page) => page.locator(".cell-title").allInnerTexts();

describeInBrowser("lineage", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let at: Visit;
  const open = async (id: string, query = "direction=upstream") => {
    await at.page.goto(`${api.url}/lineage/${id}?${query}`);
    await at.page.locator(".lineage-body").waitFor();
  };
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    await warmUp(api, world);
    browser = await launch();
    await importHub(api, world.tenant, 210);
    at = await visit(browser, api.signInLink(world.tenant.id, "analyst"));
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("a claim opens at one hop, with evidence by stance and what is hidden behind each fact", async () => {
    await open(world.claim);
    const { page } = at;
    await shown(page, "Showing 4 of 4 nodes within 1 hop · 3 links").waitFor();
    expect((await graphTitles(page)).toSorted()[0]).toBe(
      "A heat pump keeps giving more than twice the heat it draws at minus 15 degrees",
    );
    for (const style of ["support", "contradiction", "considered"])
      expect(await page.locator(`.gedge-${style}`).count()).toBeGreaterThan(0);
    await page.getByRole("button", { name: /^Show 1 more neighbour upstream of Median output/ }).waitFor();
    await expectAccessible(page);
  });

  test("a fact shows its quote, and where it stands in the text of its snapshot", async () => {
    await open(world.claim);
    const { page } = at;
    await page.locator(`[data-node-id="${world.fact}"]`).click();
    expect(await page.getByTestId("quote").locator("mark").innerText()).toBe(QUOTE);
    const text = page.getByTestId("snapshot-text");
    await text.waitFor();
    expect(await text.locator("mark").innerText()).toBe(QUOTE);
    expect(await text.innerText()).toContain("The market grew in every region last year.");
    await page.getByRole("button", { name: "Close the card" }).waitFor();
    await expectAccessible(page);
  });

  test("one hop more opens on a node, folds away again, and Back undoes", async () => {
    await open(world.claim);
    const { page } = at;
    await page.getByRole("button", { name: /^Show 1 more neighbour upstream of Median output/ }).click();
    await shown(page, "Showing 4 of 4 nodes within 1 hop, 1 more by expanding · 4 links").waitFor();
    await page.getByRole("button", { name: /^Fold away what Median output/ }).click();
    await shown(page, "Showing 4 of 4 nodes within 1 hop · 3 links").waitFor();
    await page.goBack();
    await shown(page, "1 more by expanding").waitFor();
    await page.goBack();
    await shown(page, "Showing 4 of 4 nodes within 1 hop · 3 links").waitFor();
  });

  test("the table has the rows that the graph has, from the same answer", async () => {
    await open(world.episode, `direction=upstream&depth=3&view=both`);
    const { page } = at;
    await page.locator(".gnode").first().waitFor();
    const rows = await tableTitles(page);
    expect(rows.length).toBeGreaterThan(4);
    expect((await graphTitles(page)).toSorted()).toEqual(rows.toSorted());
    await page.locator("label", { hasText: /^Links/ }).click();
    const links = await page.locator('table[aria-label="Links of the lineage"] tbody tr').count();
    expect(links).toBe(await page.locator(".react-flow__edge").count());
    expect(await page.locator("tbody tr").first().innerText()).toContain("Tess Tester");
    await expectAccessible(page);
  });

  test("the other way shows what stands on a source, up to live episodes and their owners", async () => {
    await open(world.source, "direction=downstream&depth=5");
    const { page } = at;
    await page.locator(`[data-node-id="${world.episode}"]`).waitFor();
    await page.locator(`[data-node-id="${world.source}"]`).click();
    await page.getByRole("tab", { name: "What stands on it" }).click();
    const card = page.getByRole("region", { name: "Card of what is selected" });
    await card.getByText("1 episode", { exact: true }).waitFor();
    await card.getByRole("button", { name: /Do heat pumps work in the cold\?/ }).waitFor();
    await card.getByRole("heading", { name: /lose their last independent support/ }).waitFor();
    await card.getByRole("button", { name: /more than twice the heat/ }).waitFor();
    await expectAccessible(page);
    await page.locator("label", { hasText: "It stands on →" }).click();
    await page.getByText("Nothing is recorded that it stands on.").waitFor();
  });

  test("a link says who made it, when and why", async () => {
    await open(world.claim, `direction=upstream&select=${world.claim}&panel=links`);
    const { page } = at;
    await page.getByRole("button", { name: "is contradicted by" }).click();
    const card = page.getByRole("region", { name: "Card of what is selected" });
    await card.getByText("Tess Tester").waitFor();
    await card.getByText("a test", { exact: true }).waitFor();
    await card.getByText("still holds").waitFor();
    expect(page.url()).toContain(`${world.claim}>CONTRADICTED_BY>${world.contrary}`.replaceAll(">", "%3E"));
  });

  test("the address restores the view for somebody else", async () => {
    await open(world.claim, `direction=upstream&view=both&expand=${world.fact}&select=${world.fact}`);
    const { page } = at;
    await shown(page, "1 more by expanding").waitFor();
    const rows = await tableTitles(page);
    const colleague = await visit(browser, api.signInLink(world.tenant.id, "planner"));
    await colleague.page.goto(page.url());
    await shown(colleague.page, "1 more by expanding").waitFor();
    expect(await tableTitles(colleague.page)).toEqual(rows);
    expect(await colleague.page.getByTestId("quote").locator("mark").innerText()).toBe(QUOTE);
    expect(await colleague.page.locator(`[data-node-id="${world.fact}"]`).getAttribute("aria-pressed")).toBe("true");
    await colleague.close();
  });

  test("a copied link is pinned to the instant that was looked at", async () => {
    await at.page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: api.url });
    const { tenant, claim, contrary } = await buildWorld();
    const own = await visit(browser, api.signInLink(tenant.id, "analyst"), {
      permissions: ["clipboard-read", "clipboard-write"],
    });
    await own.page.goto(`${api.url}/lineage/${claim}?direction=upstream`);
    await shown(own.page, "Showing 4 of 4").waitFor();
    await own.page.getByRole("button", { name: "Share" }).click();
    await own.page.getByRole("menuitem", { name: /Exactly this/ }).click();
    const address = await own.page.evaluate(() => navigator.clipboard.readText());
    expect(address).toMatch(/asOf=\d{4}-/);
    await tenant.run(unlinkEvidence, { claimId: claim, factId: contrary, stance: "CONTRADICTS" });
    await own.page.getByRole("button", { name: "Refresh" }).click();
    await shown(own.page, "Showing 3 of 3").waitFor();
    await own.page.goto(address);
    await shown(own.page, "Showing 4 of 4").waitFor();
    await own.page.getByText("History, as of").waitFor();
    await own.close();
  });

  test("a large answer says how much of it is shown, and brings the rest", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=towers&labels=source`);
    await page.getByRole("link", { name: /List of towers/ }).click();
    await shown(page, "Showing 100 of 211 nodes within 1 hop").waitFor();
    const rendered = await page.locator(".gnode").count();
    expect(rendered).toBeLessThan(100);
    await page.getByRole("button", { name: "Load 100 more" }).click();
    await shown(page, "Showing 200 of 211").waitFor();
    await page.getByRole("button", { name: "Load 11 more" }).click();
    await shown(page, "Showing 211 of 211").waitFor();
    await page.locator("label", { hasText: /^Table$/ }).click();
    expect(await page.locator(".cell-title").count()).toBe(211);
    await page.getByRole("combobox", { name: "How far" }).selectOption("3");
    await shown(page, "Showing 100 of 631").waitFor();
    await page.getByRole("button", { name: "Load all 631" }).click();
    await shown(page, "Showing 631 of 631").waitFor();
    await page.locator("label", { hasText: /^Graph$/ }).click();
    await page.locator(".gnode").first().waitFor();
    expect(await page.locator(".gnode").count()).toBeLessThan(150);
    await picture(page, "lineage-631-nodes");
  });

  test("more of an answer is of the instant of its beginning, until it is refreshed", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=towers&labels=source`);
    await page.getByRole("link", { name: /List of towers/ }).click();
    await shown(page, "Showing 100 of 211 nodes within 1 hop").waitFor();
    const asOf = await page.locator(".status-as-of").innerText();
    const sourceId = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1)!);
    // The imported source has no twin, so the tenant's own way to run a command would fail there.
    const captured = await api.services.execute(captureSnapshot, world.tenant.caller("editor"), {
      operationId: operationId(),
      reason: "between page 1 and page 2",
      sourceId,
      text: "A tower that was built in between.",
      kind: "FULL",
    });
    expect(captured).toMatchObject({ ok: true });
    await page.getByRole("button", { name: "Load 100 more" }).click();
    await shown(page, "Showing 200 of 211").waitFor();
    expect(await page.locator(".status-as-of").innerText()).toBe(asOf);
    await page.getByRole("button", { name: "Refresh" }).click();
    await shown(page, "Showing 200 of 212").waitFor();
  });

  test("an imported claim says that only an excerpt is held, and that a file asserts it", async () => {
    const { page } = at;
    await page.goto(`${api.url}/search?q=tower district 7&labels=claim`);
    await page.getByRole("link", { name: /district 7 is/ }).click();
    await shown(page, "Showing 2 of 2").waitFor();
    await page.getByRole("button", { name: /^Claim.*district 7/ }).click();
    await page.getByText("asserted by an imported file, judged by nobody here").waitFor();
    await page.getByRole("button", { name: /^Fact/ }).click();
    await page.getByText("Only an excerpt is held.").waitFor();
    expect(await page.getByTestId("snapshot-text").innerText()).toContain("was measured at 107 metres");
  });

  test("context comes when it is asked for", async () => {
    await open(world.episode, "direction=upstream");
    const { page } = at;
    await page.getByRole("button", { name: "Links: evidence" }).click();
    await page.getByRole("button", { name: "Follow context as well" }).click();
    await page.getByRole("button", { name: "Links: all" }).waitFor();
    expect(page.url()).toContain("edges=all");
  });

  test("a small window begins with the table and opens the card over it", async () => {
    const phone = await visit(browser, api.signInLink(world.tenant.id, "analyst"), { viewport: NARROW });
    await phone.page.goto(`${api.url}/lineage/${world.claim}?direction=upstream`);
    await phone.page.getByRole("button", { name: "Median output at minus 15 degrees was 2.4", exact: true }).click();
    await phone.page.getByTestId("snapshot-text").waitFor();
    await expectAccessible(phone.page);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(phone.complaints).toEqual([]);
    await phone.close();
  });

  test("in the dark it is as accessible", async () => {
    const night = await visit(browser, api.signInLink(world.tenant.id, "analyst"), { colorScheme: "dark" });
    await expectAccessible(night.page);
    await night.page.goto(`${api.url}/lineage/${world.claim}?direction=upstream&view=both&select=${world.claim}`);
    await night.page.getByRole("heading", { name: "Supported by" }).waitFor();
    await expectAccessible(night.page);
    await night.close();
  });

  test("nothing of all this was complained about in the console", () => {
    expect(at.complaints).toEqual([]);
  });
});
