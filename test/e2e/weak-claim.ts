import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import type { Role } from "../../graph-schema/nodes/principal.js";
import type { TestApi } from "../kit/api.js";
import { expectAccessible, shown, visit, type Visit } from "./browser.js";

export interface Studio {
  readonly browser: Browser;
  readonly api: TestApi;
  readonly tenantId: string;
}

/** Somebody of the studio with this role, at a path of the page, who may copy links. */
export async function signedIn({ browser, api, tenantId }: Studio, role: Role, path: string): Promise<Visit> {
  const visitor = await visit(browser, api.signInLink(tenantId, role), {
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  visitor.page.setDefaultTimeout(25_000);
  await visitor.page.goto(`${api.url}${path}`);
  return visitor;
}

/** The point of the graph in the middle of its frame, whose size differs with what stands around it, and the scale. */
async function middleOf(page: Page): Promise<{ x: number; y: number; zoom: number }> {
  const layer = page.locator(".react-flow__viewport");
  const [x = 0, y = 0, zoom = 0] = [
    ...(await layer.evaluate((element) => element.style.transform)).matchAll(/-?[\d.]+/g),
  ].map(([number]) => Number(number));
  const { width, height } = (await page.locator(".graph").boundingBox())!;
  return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom, zoom };
}

/**
 * An analyst's way from the list of weak claims to a link that shows why: the weakest live claim, its quote marked in its
 * snapshot, what changed when it became weak, by whom and why; and somebody else opens the link and sees the same.
 */
export async function followWeakest(
  studio: Studio,
  keep: (page: Page, name: string) => Promise<void> = async () => {},
): Promise<void> {
  const { api, tenantId } = studio;
  const asked = "{ weakest(first: 1) { edges { node { claim { id title } risks { by } } } } }";
  const { claim, risks } = (await api.ask(tenantId, asked)).data.weakest.edges[0].node;
  const { page, complaints, close } = await signedIn(studio, "analyst", "/weakest");
  await page.locator(".risk").first().waitFor();
  expect(await page.getByTestId("shown").innerText()).toMatch(/^\d+ of \d+, as of/);
  expect(await page.locator(".risk-title").first().innerText()).toBe(claim.title);
  expect(await page.locator(".risk .provenance").first().innerText()).toContain(risks[0].by);
  await expectAccessible(page);
  await keep(page, "weakest");
  await page.locator(".risk-title").first().click();
  await page.locator(`[data-node-id="${claim.id}"]`).waitFor();
  await page.locator('.gnode[data-label="FACT"] .gnode-main').first().click();
  await page.getByTestId("snapshot-text").locator("mark").waitFor();
  await expectAccessible(page);
  await keep(page, "evidence");
  await page.goto(`${api.url}/weakest`);
  await page.getByRole("link", { name: "what changed then" }).first().click();
  const difference = page.getByRole("region", { name: "Difference of two instants" });
  await difference.locator(".differing").first().waitFor();
  expect(await difference.innerText()).toContain(risks[0].by);
  await expectAccessible(page);
  await keep(page, "what-changed");
  // Seen from elsewhere than where the graph begins: the link keeps the place too.
  await page.locator(".react-flow__pane").hover();
  await page.mouse.wheel(0, 240);
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("menuitem", { name: /Exactly this/ }).click();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/since=.*asOf=|asOf=.*since=/);
  const [words, told] = [await page.getByTestId("shown").innerText(), await difference.innerText()];
  const other = await signedIn(studio, "executive", new URL(address).pathname + new URL(address).search);
  await shown(other.page, words).waitFor();
  await other.page.getByText("History, as of").waitFor();
  const theirs = other.page.getByRole("region", { name: "Difference of two instants" });
  await theirs.locator(".differing").first().waitFor();
  expect(await theirs.innerText()).toBe(told);
  const [here, there] = [await middleOf(page), await middleOf(other.page)];
  expect(there.zoom).toBeCloseTo(here.zoom, 3);
  // A link has whole points, and a frame a few pixels more or less.
  expect(Math.hypot(there.x - here.x, there.y - here.y) * here.zoom).toBeLessThan(8);
  expect([...complaints, ...other.complaints]).toEqual([]);
  await other.close();
  await close();
}
