import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sealTenant } from "../../server/audit/sealer.js";
import { registerPrincipal } from "../../server/domains/principal/principal.service.js";
import { startApi, type TestApi } from "../kit/api.js";
import { buildClaim, buildEpisode, buildFact, buildScene } from "../kit/build.js";
import { sealed } from "../kit/seal.js";
import { newTenant } from "../kit/tenant.js";
import { describeInBrowser, expectAccessible, launch, PATIENCE, picture, SETUP_MS, visit } from "./browser.js";
import { buildWorld, type World, warmUp } from "./world.js";

const DRAFT = "What a heat pump costs in its first winter";

/** Sends the form of this name with a reason. */
async function give(page: Page, form: string, reason: string, submit: string): Promise<void> {
  const found = page.getByRole("form", { name: form });
  await found.getByLabel("Reason").fill(reason);
  await found.getByRole("button", { name: submit }).click();
}

describeInBrowser("governance", () => {
  let browser: Browser;
  let api: TestApi;
  let world: World;
  let draft: string;
  beforeAll(async () => {
    api = await startApi();
    world = await buildWorld();
    const { tenant } = world;
    draft = await buildEpisode(tenant, { title: DRAFT });
    const fact = await buildFact(tenant);
    const claim = await buildClaim(tenant, { supports: [fact] });
    await buildScene(tenant, { episodeId: draft, claimIds: [claim] });
    await tenant.run(
      registerPrincipal,
      { kind: "AGENT", key: "agent.research", name: "Research agent", roles: ["agent"] },
      tenant.caller("tenant-admin"),
    );
    await sealed(tenant);
    await warmUp(api, world);
    browser = await launch();
  }, SETUP_MS);
  afterAll(async () => {
    await browser?.close();
    await api?.close();
  });

  const signedIn = async (role: Parameters<TestApi["signInLink"]>[1], path: string) => {
    const visitor = await visit(browser, api.signInLink(world.tenant.id, role));
    visitor.page.setDefaultTimeout(20_000);
    await visitor.page.goto(`${api.url}${path}`);
    return visitor;
  };

  test("one proposes, another approves, and the episode is live", async () => {
    const editor = await signedIn("editor", "/approvals");
    await editor.page.getByRole("combobox", { name: "Episode" }).click();
    await editor.page.getByRole("option", { name: DRAFT }).click();
    await give(editor.page, "Propose to publish", "The script is final", "Propose");
    await editor.page.getByText("somebody else decides").waitFor();
    expect(await editor.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    const address = new URL(editor.page.url()).pathname;
    const approver = await signedIn("approver", "/approvals");
    await approver.page.getByRole("link", { name: new RegExp(DRAFT) }).click();
    await approver.page.getByText("never approved before").waitFor();
    expect(decodeURIComponent(new URL(approver.page.url()).pathname)).toBe(decodeURIComponent(address));
    await expectAccessible(approver.page);
    await picture(approver.page, "approvals");
    await approver.page.getByRole("button", { name: "Approve", exact: true }).click();
    await give(approver.page, "Approve the proposal", "Every claim was looked at", "Approve now");
    await approver.page.locator(".panel-header .badge", { hasText: "Done" }).waitFor();
    const { data } = await api.ask(
      world.tenant.id,
      `query ($id: ID!) { node(id: $id) { ... on Episode { status } } }`,
      {
        id: draft,
      },
    );
    expect(data.node.status).toBe("PUBLISHED");
    expect([...editor.complaints, ...approver.complaints]).toEqual([]);
    await editor.close();
    await approver.close();
  });

  test("a switch stands on every page until it is lifted, and those who may not set one read why", async () => {
    const operator = await signedIn("operator", "/switches");
    await give(operator.page, "Set a switch", "A source was forged", "Stop it now");
    const banner = operator.page.getByRole("region", { name: "Kill switches that are on" });
    await banner.getByText("A source was forged").waitFor();
    await expectAccessible(operator.page);
    await picture(operator.page, "switches");
    const analyst = await signedIn("analyst", "/");
    await analyst.page.getByText("A source was forged").waitFor();
    await picture(analyst.page, "banner");
    await analyst.page.goto(`${api.url}/switches`);
    await analyst.page.getByText(/Your role sets no switches/).waitFor();
    await analyst.close();
    await operator.page.getByRole("button", { name: "Lift" }).click();
    await give(operator.page, "Lift the switch", "It was withdrawn", "Lift it");
    await banner.waitFor({ state: "detached" });
    expect(operator.complaints).toEqual([]);
    await operator.close();
  });

  test("a token is seen once, and can be revoked", async () => {
    const { page, complaints, close } = await signedIn("tenant-admin", "/members");
    const form = page.getByRole("form", { name: "Issue a token" });
    await form.getByRole("combobox", { name: "What it may do" }).press("ArrowDown");
    await page.getByRole("option", { name: "evidence.write" }).click();
    await page.keyboard.press("Escape");
    await give(page, "Issue a token", "For the nightly research", "Issue");
    expect(await page.getByTestId("token").textContent()).toMatch(/^\S{40,}$/);
    await page.getByRole("button", { name: "Done" }).click();
    expect(await page.getByTestId("token").count()).toBe(0);
    await expectAccessible(page);
    await picture(page, "members");
    await page.getByRole("button", { name: "Revoke Research agent's token" }).click();
    await give(page, "Revoke the token", "No longer needed", "Revoke it");
    await page.getByText("Revoked", { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await close();
  });

  test("the audit is searched, and a log that isn't as it was sealed is never called whole", async () => {
    const { page, complaints, close } = await signedIn("auditor", "/audit");
    await page.getByLabel("Capability").fill("episode.write");
    await page.getByRole("button", { name: "Search", exact: true }).click();
    await page.getByRole("cell", { name: "createEpisode" }).first().waitFor();
    await page.getByRole("cell", { name: "registerSource" }).first().waitFor({ state: "detached" });
    await page
      .getByRole("button", { name: /^Details of createEpisode/ })
      .first()
      .click();
    await page.getByText("Input, SHA-256").waitFor();
    await page.getByRole("button", { name: "Verify the log" }).click();
    // The world takes its audit for sealed without sealing it, as somebody with a hand in the database would.
    await page.locator(".badge", { hasText: "The log can't be relied on" }).waitFor();
    await expectAccessible(page);
    await picture(page, "audit");
    expect(complaints).toEqual([]);
    await close();
  });

  test("a log that was sealed is whole", async () => {
    const tenant = await newTenant();
    await sealTenant(api.services.audit!, tenant.id);
    const { page, close } = await visit(browser, api.signInLink(tenant.id, "auditor"));
    await page.goto(`${api.url}/audit`);
    await page.getByRole("button", { name: "Verify the log" }).click();
    await page.locator(".badge", { hasText: "The log is whole" }).waitFor(PATIENCE);
    await picture(page, "audit-whole");
    await close();
  });

  test("a refused act shows the rules that denied it, and can be asked again on the bench", async () => {
    const { errors, data } = await api.ask(
      world.tenant.id,
      `mutation { setKillSwitch(input: { operationId: "e2e/refused-switch", reason: "let me", scope: TENANT }) { problems { code } } }`,
    );
    expect(JSON.stringify(errors ?? data)).toContain("FORBIDDEN");
    const { page, complaints, close } = await signedIn("auditor", "/policy");
    await page
      .getByText(/setKillSwitch/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: /^What it rested on: setKillSwitch/ }).click();
    await page.getByRole("button", { name: "Ask it again on the bench" }).click();
    await page.getByRole("button", { name: "Ask the policy" }).click();
    await page.getByText("Would be denied", { exact: true }).waitFor();
    await expectAccessible(page);
    await picture(page, "policy");
    expect(complaints).toEqual([]);
    await close();
  });
});
