import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sealed } from "../kit/seal.js";
import { buildWorld, type World, warmUp } from "./world.js";
import { buildClaim } from "../kit/build.js";
import type { Role } from "../../graph-schema/nodes/principal.js";
import { startApi, type TestApi } from "../kit/api.js";
import { projectRoot } from "../kit/project-root.js";
import { fallingPairs, haveRevisions, importRevision, stateSomeLive } from "../kit/revisions.js";
import { newTenant } from "../kit/tenant.js";
import { describeInBrowser, expectAccessible, launch, PATIENCE, picture, SETUP_MS, shown } from "./browser.js";
import { followWeakest, signedIn as signedInAt } from "./weak-claim.js";

/** The pictures of docs/analyst-guide.md. Remove one and run these tests to have a new one. */
async function forTheGuide(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await picture(page, name);
  const kept = join(projectRoot, "docs/images", `${name}.png`);
  await mkdir(join(kept, ".."), { recursive: true });
  if (!existsSync(kept)) await copyFile(join(projectRoot, "test/e2e/screenshots", `${name}.png`), kept);
}

const CONTRARY = "Heat pumps stop working below minus ten degrees";

describeInBrowser("an analyst", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let weakest: string;
  const signedIn = (role: Role, path: string) => signedInAt({ browser, api, tenantId: world.tenant.id }, role, path);
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    const { tenant, claim } = world;
    const weaken = `mutation ($input: SetClaimStatusInput!) { setClaimStatus(input: $input) { problems { message } } }`;
    const input = {
      ...{ claimId: claim, status: "NEEDS_RECHECK", operationId: "analyst/weaken" },
      reason: "The lab measures again this winter",
    };
    const { problems } = (await api.ask(tenant.id, weaken, { input }, ["editor"])).data.setClaimStatus;
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    await buildClaim(tenant, { text: CONTRARY, supports: [world.contrary] });
    await sealed(tenant);
    await warmUp(api, world);
    // As warmUp does: each question is planned once before somebody waits for it.
    const asked =
      '{ select(expression: "claim:* and freshness:stale") { total } completeSelection(expression: "fr", position: 2) { text } }';
    for (let attempt = 0; attempt < 5; attempt++) if (!(await api.ask(tenant.id, asked)).errors) break;
    browser = await launch();
    const { data } = await api.ask(tenant.id, "{ weakest(first: 1) { edges { node { claim { id } } } } }");
    weakest = data.weakest.edges[0].node.claim.id;
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  test("finds the weakest live claim, its quote, when and why it became weak, and shares that", async () => {
    await followWeakest({ browser, api, tenantId: world.tenant.id }, forTheGuide);
  });

  test.skipIf(!haveRevisions)("finds it among imported claims whose pages changed", async () => {
    const imported = await newTenant();
    const pairs = fallingPairs(40);
    await importRevision(api, imported, pairs, "older");
    await stateSomeLive(api, imported);
    await importRevision(api, imported, pairs, "newer");
    await followWeakest({ browser, api, tenantId: imported.id });
  });

  test("steps through time by change, undoes and does again, and follows ways", async () => {
    const { page, complaints, close } = await signedIn("analyst", `/lineage/${weakest}?direction=upstream&depth=4`);
    await page.getByRole("slider", { name: /^Instant, by the changes of/ }).waitFor();
    await page.getByRole("button", { name: "To the change before" }).click();
    await page.getByText("History, as of").waitFor();
    expect(new URL(page.url()).searchParams.get("asOf")).toMatch(/^\d{4}-/);
    await page.keyboard.press("Control+z");
    await page.getByText("History, as of").waitFor({ state: "detached" });
    // What was undone can be done again after a reload too, and can't any more once another page was gone on to.
    await page.reload();
    await page.getByRole("button", { name: "Redo" }).and(page.locator(":enabled")).waitFor();
    await page.keyboard.press("Control+Shift+z");
    await page.getByText("History, as of").waitFor();
    await page.getByRole("button", { name: "Back to now" }).click();
    await page.locator('.gnode[data-label="SOURCE"] .gnode-main').first().click();
    await page.getByRole("button", { name: "Show the way to it" }).click();
    await page.locator('.gnode[data-mark="way"]').first().waitFor();
    await page.getByRole("button", { name: "Only its line" }).click();
    await page.getByText(/^Only one line: \d+ left out/).waitFor();
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("recorded for the first time").waitFor();
    await expectAccessible(page);
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: "Redo" }).and(page.locator(":enabled")).waitFor();
    await page.getByRole("link", { name: "Weakest" }).click();
    await page.locator(".risk-title").first().click();
    await page.locator(`[data-node-id="${weakest}"]`).waitFor();
    expect(await page.getByRole("button", { name: "Redo" }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: "Undo" }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
    await close();
  });

  test("selects by an expression that completes, and is told where it can't be read", async () => {
    const { page, complaints, close } = await signedIn("analyst", "/select");
    const field = page.getByRole("textbox", { name: "Expression" });
    await field.fill("claim:* and fresh");
    await page.getByRole("option", { name: /freshness:/ }).click();
    await page.keyboard.type("stale");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Select", exact: true }).click();
    await shown(page, /selected nodes/).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("claim:* and freshness:stale");
    await expectAccessible(page);
    await picture(page, "select");
    expect(complaints).toEqual([]);
    await page.goto(`${api.url}/select?q=${encodeURIComponent("claim:* and and")}`);
    await page.getByRole("alert").getByText("This can’t be read").waitFor();
    expect(await page.locator(".pointed mark").innerText()).toBe("a");
    await page.goto(`${api.url}/lineage/${weakest}?direction=downstream&depth=3&view=groups`);
    await page.getByRole("table", { name: "Lineage by episode" }).waitFor();
    await expectAccessible(page);
    await page.getByText("Overview", { exact: true }).click();
    await page.getByRole("img", { name: /^Overview of \d+ nodes/ }).waitFor();
    await close();
  });

  test("changes ask why, are told to whoever looks, and reach those who watch", async () => {
    const analyst = await signedIn("analyst", `/lineage/${weakest}?direction=upstream&select=${weakest}`);
    await analyst.page.getByRole("button", { name: "Watch", exact: true }).click();
    await analyst.page.getByRole("button", { name: "Watched", exact: true }).waitFor();
    const editor = await signedIn("editor", `/lineage/${weakest}?select=${weakest}&panel=change`);
    await editor.page.getByRole("button", { name: /^Revise/ }).click();
    const form = editor.page.getByRole("form", { name: "Revise the claim" });
    expect(await form.getByRole("button", { name: "Revise" }).isDisabled()).toBe(true);
    await form.getByLabel("Check again by").fill("2027-03-01");
    await form.getByRole("button", { name: "Revise" }).click();
    // The reason is required: the browser holds the form back.
    expect(await form.getByLabel("Reason").evaluate((field: HTMLTextAreaElement) => field.validity.valid)).toBe(false);
    await form.getByLabel("Reason").fill("The figure is published each March");
    await form.getByRole("button", { name: "Revise" }).click();
    await form.waitFor({ state: "detached" });
    const live = analyst.page.getByTestId("live");
    await live.getByText("The figure is published each March").waitFor(PATIENCE);
    await live.getByRole("button", { name: "Show it" }).click();
    await live.waitFor({ state: "detached" });
    await api.services.duties.raiseAlerts({
      tenantId: world.tenant.id,
      scheduledAt: Date.now(),
      signal: new AbortController().signal,
      trouble: (error: unknown) => expect(error).toBeUndefined(),
      operationId: (part: string | number) => `test/alerts/${world.tenant.id}/${part}`,
    });
    await analyst.page.goto(`${api.url}/alerts`);
    await analyst.page.getByRole("heading", { name: "You watch 1" }).waitFor();
    await analyst.page.locator(".alert", { hasText: "The figure is published each March" }).waitFor();
    await expectAccessible(analyst.page);
    await picture(analyst.page, "alerts");
    expect([...analyst.complaints, ...editor.complaints]).toEqual([]);
    await analyst.close();
    await editor.close();
  });

  test("keeps a conflict's two sides, and the decision that picks one", async () => {
    const { page, complaints, close } = await signedIn("editor", `/lineage/${weakest}?select=${weakest}&panel=change`);
    await page.getByRole("button", { name: /^Record a conflict/ }).click();
    const form = page.getByRole("form", { name: "Record a conflict" });
    await form.getByLabel("The claim that contradicts it").fill("stop working below");
    await page.getByRole("option", { name: CONTRARY }).click();
    await form.getByLabel("Reason").fill("Both can't hold");
    await form.getByRole("button", { name: "Record it" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("link", { name: "side by side" }).first().click();
    await page.getByRole("heading", { name: "Nobody has decided yet" }).waitFor();
    await page.getByRole("combobox", { name: "The claim that the studio holds to" }).click();
    await page.getByRole("option", { name: CONTRARY }).click();
    await page.getByLabel("Why this one").fill("None of the units in the later trial kept up");
    await page.getByLabel("Reason").fill("Looked at both");
    await page.getByRole("button", { name: "Hold to it" }).click();
    await page.getByRole("heading", { name: "The decision in force" }).waitFor();
    await page.getByText("The studio holds to it").waitFor();
    await expectAccessible(page);
    await page.evaluate(() => window.scrollTo(0, 0));
    await forTheGuide(page, "conflict");
    expect(complaints).toEqual([]);
    await close();
  });

  test("takes the view along: saved and shared, as a picture, on paper", async () => {
    const { page, complaints, close } = await signedIn("analyst", `/lineage/${weakest}?direction=upstream&depth=4`);
    await page.locator(".gnode").first().waitFor();
    await page.getByText("Table", { exact: true }).click();
    await page.getByText(/^Links \(\d+\)/).click();
    await page.getByRole("table", { name: "Links of the lineage" }).waitFor();
    expect(new URL(page.url()).searchParams.get("rows")).toBe("links");
    await page.reload();
    await page.getByRole("table", { name: "Links of the lineage" }).waitFor();
    await page.getByText("Both", { exact: true }).click();
    await page.locator(".gnode").first().waitFor();
    const share = async (item: RegExp) => {
      await page.getByRole("button", { name: "Share" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    const download = page.waitForEvent("download");
    await share(/^Picture/);
    const image = await readFile(await (await download).path());
    expect(image.subarray(1, 4).toString()).toBe("PNG");
    expect(image.byteLength).toBeGreaterThan(10_000);
    await page.evaluate("window.print = () => undefined");
    await share(/^Print/);
    await page.locator(".print-sheet img").waitFor({ state: "attached" });
    expect(await page.locator(".print-sheet tr").count()).toBeGreaterThan(4);
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
    await share(/^Save this view/);
    const form = page.getByRole("form", { name: "Save this view" });
    await form.getByLabel("Name").fill("Why the weakest is weak");
    await form.getByLabel("Share with the studio, to read").check();
    await form.getByLabel("Reason").fill("For the weekly meeting");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    const reader = await signedIn("executive", "/investigations");
    await reader.page.getByText("Shared by others").click();
    await reader.page.getByRole("link", { name: "Why the weakest is weak" }).click();
    await reader.page.locator(`[data-node-id="${weakest}"]`).waitFor();
    expect([...complaints, ...reader.complaints]).toEqual([]);
    await reader.close();
    await close();
  });
});
