import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { describe, expect } from "vitest";
import { environment } from "../kit/env.js";
import { projectRoot } from "../kit/project-root.js";

const PLACES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map(
  (name) => `/usr/bin/${name}`,
);
const executablePath = PLACES.find((path) => existsSync(path));

/** Without a browser these tests are skipped where somebody sits, and fail in CI. */
export const describeInBrowser = executablePath === undefined && !environment.ci ? describe.skip : describe;

/** For what comes by itself, on a machine that has other things to do. */
export const PATIENCE = { timeout: 20_000 };

/** A world is built write by write, and its mirror with it. */
export const SETUP_MS = 300_000;

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

export async function launch(): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error(`no browser: install Debian's chromium (looked for ${PLACES.join(", ")})`);
  if (!existsSync(join(projectRoot, "dist/ui/index.html"))) throw new Error("the page isn't built: npm run build");
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

export interface Visit {
  readonly page: Page;
  /** What the page complained of in its console, and requests that left for another host. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** A visitor of their own, with empty cookies, at an address of the server. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== new URL(address).host) complaints.push(`left for ${url.host}`);
  });
  await page.goto(address);
  return { page, complaints, close: () => context.close() };
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No barrier that axe calls serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { impact: string; id: string; nodes: { target: unknown[] }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ impact, id, nodes }) => `${impact} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  });
  expect(found, page.url()).toEqual([]);
}

/** Keeps what a person would want to look at; the folder is never committed. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(projectRoot, "test/e2e/screenshots");
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** The name of what has the focus, as far as it has one in words. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
  });

/** Presses Tab until what has the focus is called so; fails when a whole round doesn't reach it. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const here = await focused(page);
    if (typeof name === "string" ? here.includes(name) : name.test(here)) return;
    seen.push(here.slice(0, 40));
  }
  throw new Error(`Tab never reached ${String(name)}; it passed ${seen.join(" | ")}`);
}

/** The line of the lineage page that says how much is shown; the same words are also said aloud, elsewhere. */
export const shown = (page: Page, text: string | RegExp) => page.getByTestId("shown").filter({ hasText: text });
