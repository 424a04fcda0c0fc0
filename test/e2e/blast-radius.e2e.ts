import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { setClaimStatus } from "../../server/domains/claim/claim.service.js";
import { linkEvidence } from "../../server/domains/evidence/evidence.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { done } from "../kit/approvals.js";
import { buildFact, buildSource } from "../kit/build.js";
import { retractHere } from "../kit/corrections.js";
import { describeInBrowser, expectAccessible, launch, NARROW, PATIENCE, picture, SETUP_MS, visit } from "./browser.js";
import { buildWorld, CLAIM_TEXT, type World, warmUp } from "./world.js";

/* A source is retracted under a live episode, and somebody puts that right on the page. */

vi.setConfig({ testTimeout: 180_000 });

const EPISODE = "Do heat pumps work in the cold?";
const WHY = "Its authors found a fault in the meter";

/** Sends the form of this name; its reason is given, or stands there from before. */
async function give(page: Page, form: string, reason: string | null, submit: string): Promise<void> {
  const found = page.getByRole("form", { name: form });
  if (reason !== null) await found.getByLabel("Reason").fill(reason);
  await found.getByRole("button", { name: submit, exact: true }).click();
}

describeInBrowser("the blast radius", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let better: string;
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    const { tenant } = world;
    const sourceId = await buildSource(tenant, { title: "Fjord Institute, field report" });
    better = await buildFact(tenant, { sourceId, quote: CLAIM_TEXT, statement: CLAIM_TEXT });
    await warmUp(api, world);
    browser = await launch();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  const at = async (role: Parameters<TestApi["signInLink"]>[1], options = {}) => {
    const visitor = await visit(browser, api.signInLink(world.tenant.id, role), options);
    visitor.page.setDefaultTimeout(20_000);
    await visitor.page.goto(`${api.url}/blast-radius`);
    return visitor;
  };
  const rowOf = (page: Page) => page.getByRole("listitem").filter({ hasText: EPISODE });

  test("says that nothing fell while nothing did", async () => {
    const { page, complaints, close } = await at("analyst");
    await page.getByText("Nothing live stands on a source that fell.").waitFor(PATIENCE);
    await page.getByText("All", { exact: true }).click();
    await page.getByText("No source that live episodes stand on has fallen yet.").waitFor();
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await close();
  });

  test("shows what fell, what could be done, and what is closed once it was done", async () => {
    const { tenant, claim } = world;
    await retractHere(tenant, world.source, WHY);
    const { page, complaints, close } = await at("analyst");
    const row = rowOf(page);
    await row.getByText(/was retracted, \d/).waitFor(PATIENCE);
    await row.getByText(WHY).waitFor();
    await row.getByText("answers for it:").waitFor();
    await row.getByText("Open", { exact: true }).waitFor();
    await expectAccessible(page);
    await picture(page, "blast-radius");

    await row.getByRole("button", { name: "Repairs" }).click();
    await row.getByRole("cell", { name: "Link a better quote" }).first().waitFor(PATIENCE);
    await row.getByRole("cell", { name: "Drop the claim" }).waitFor();
    expect(await row.getByRole("link", { name: CLAIM_TEXT }).count()).toBeGreaterThan(0);
    await expectAccessible(page);
    await picture(page, "blast-radius-repairs");

    await row.getByRole("button", { name: "Take", exact: true }).click();
    await give(page, "Take the task", "I wrote that episode", "Take it");
    await row.getByText("In progress", { exact: true }).waitFor();

    // Nothing was mended yet, so nobody may call it done; what was typed stays.
    await row.getByRole("button", { name: "Done", exact: true }).click();
    await give(page, "Close the task as done", "Quoted elsewhere", "It is done");
    const refusal = row.getByRole("alert");
    await refusal.getByText(/doesn't stand again/).waitFor();
    await expectAccessible(page);
    await done(linkEvidence, tenant.person("ana", "analyst"), { claimId: claim, factId: better, stance: "SUPPORTS" });
    await done(setClaimStatus, tenant.person("ana", "analyst"), { claimId: claim, status: "STATED" });
    await give(page, "Close the task as done", null, "It is done");
    await page.getByText("Nothing live stands on a source that fell.").waitFor();

    await page.getByText("Closed", { exact: true }).click();
    await row.getByText("Done", { exact: true }).waitFor();
    await row.getByText(/closed by .*Quoted elsewhere/).waitFor();
    expect(await row.getByRole("button", { name: "Take", exact: true }).count()).toBe(0);
    const { data } = await api.ask(tenant.id, "{ incidents { edges { node { status cause } } } }");
    expect(data.incidents.edges).toEqual([{ node: { status: "RESOLVED", cause: "RETRACTED" } }]);
    await row.getByRole("link", { name: "All that fell with it" }).click();
    await row.waitFor();
    expect(new URL(page.url()).searchParams.get("incident")).toMatch(/^Incident:/);
    await row.getByRole("link", { name: "Before and after" }).click();
    await page.getByTestId("shown").first().waitFor(PATIENCE);
    expect(new URL(page.url()).searchParams.get("since")).not.toBeNull();
    expect(complaints).toEqual([]);
    await close();
  });

  test("fits a phone, and offers nothing to those who may not change claims", async () => {
    const { page, complaints, close } = await at("executive", { viewport: NARROW });
    await page.getByText("All", { exact: true }).click();
    const row = rowOf(page);
    await row.getByText(/was retracted, \d/).waitFor(PATIENCE);
    for (const name of ["Take", "Done", "Drop"])
      expect(await row.getByRole("button", { name, exact: true }).count()).toBe(0);
    await row.getByRole("button", { name: "Repairs" }).click();
    await row.getByRole("cell", { name: "Drop the claim" }).waitFor(PATIENCE);
    const widths = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth] as const;
    });
    expect(widths[0]).toBeLessThanOrEqual(widths[1]);
    await expectAccessible(page);
    await picture(page, "blast-radius-phone");
    expect(complaints).toEqual([]);
    await close();
  });
});
