import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright-core";
import { findBrowser, provideBrowser } from "../../server/cli/browser.js";
import { CliError, usageError } from "../../server/cli/exit.js";
import { print, say } from "../../server/cli/output.js";
import { loadOrCreateKeys } from "../../server/identity/keys.js";
import { issueToken } from "../../server/identity/tokens.js";
import { quantile, thousands } from "./figures.kit.js";
import { startInstallation, withResources, type Installation } from "./installation.kit.js";
import { buildEpisode } from "./ui.store.js";

const HELP = `bench ui [--nodes N] [--json]
The lineage page in a real browser: an episode's whole upstream of N nodes (500) is dragged about for 3 seconds, first with
all of it in sight, then at the size that it opens in. The figure is the median of the frames a second.
  --nodes N   2,000 is the long form; the API answers 5,000 at most
  --json      all figures as JSON`;

const WINDOW = { width: 1440, height: 900 };
const PAN_MS = 3_000;
const PATIENCE = { timeout: 45_000 };

interface Pan {
  readonly fps: number;
  /** What one in twenty frames doesn't reach. */
  readonly slowFps: number;
  /** Nodes in the page's document half way, of those in the answer. */
  readonly drawn: number;
  readonly frames: number;
  /** Frames in which the graph was somewhere else than in the one before. */
  readonly moved: number;
}

export async function run(argv: readonly string[]): Promise<void> {
  const { nodes, json, help } = options(argv);
  if (help) return print(HELP);
  await provideBrowser();
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new CliError("there is no browser here; install Chromium");
  const figures = await withResources(async (keep) => {
    const installation = keep(await startInstallation());
    const token = await editorToken(installation);
    say(`making an episode of ${thousands(nodes)} nodes`);
    const episodeId = await buildEpisode(installation.url, token, nodes);
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
    });
    keep({ stop: () => browser.close() });
    const page = await browser.newPage({ viewport: WINDOW, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
    return measure(page, `${installation.url}/lineage/${episodeId}?direction=upstream&depth=6&first=${nodes}`, nodes);
  });
  if (json) return print(JSON.stringify(figures));
  print(`ui pan ${thousands(nodes)} nodes ${figures.all.fps.toFixed(1)} fps`);
  tell("all in sight", figures.all);
  tell("as it opens ", figures.opened);
}

function options(argv: readonly string[]): { nodes: number; json: boolean; help: boolean } {
  let values: { nodes?: string | undefined; json?: boolean | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { nodes: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    }));
  } catch (error) {
    throw usageError(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
  }
  const nodes = Number((values.nodes ?? "500").replaceAll(/[,_]/g, ""));
  if (!Number.isSafeInteger(nodes) || nodes < 10 || nodes > 5_000)
    throw usageError("--nodes takes a whole number from 10 to 5,000.");
  return { nodes, json: values.json === true, help: values.help === true };
}

async function editorToken({ home, tenantId }: Installation): Promise<string> {
  const who = { actor: "bench", name: "Bench", tenantId, roles: ["tenant-admin"], region: "local" } as const;
  return issueToken(await loadOrCreateKeys(home), who, 3_600);
}

async function measure(page: Page, address: string, nodes: number): Promise<{ nodes: number; all: Pan; opened: Pan }> {
  say("opening the page");
  await page.goto(address);
  const wanted = `Showing ${thousands(nodes)} of ${thousands(nodes)} nodes`;
  await page.getByTestId("shown").filter({ hasText: wanted }).waitFor(PATIENCE);
  await page.locator(".gnode").first().waitFor(PATIENCE);
  const opened = await pan(page);
  await page.locator(".react-flow__controls-fitview").click();
  await page.waitForTimeout(1_000);
  return { nodes, all: await pan(page), opened };
}

/** Notes of each frame how long it took, and where the graph was. */
const WATCH = `(() => {
  const graph = document.querySelector(".react-flow__viewport");
  const frames = (window.benchFrames = []);
  let last;
  const note = (now) => {
    if (last !== undefined) frames.push([now - last, graph.style.transform]);
    last = now;
    window.benchTurn = requestAnimationFrame(note);
  };
  window.benchTurn = requestAnimationFrame(note);
})()`;

/** A place where nothing but the graph's ground is under the hand, the nearer to the middle the better. */
const GROUND = `(() => {
  const box = document.querySelector(".react-flow__pane").getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  for (let far = 0; far < box.width / 2; far += 4)
    for (let turn = 0; turn < 2 * Math.PI; turn += 0.2) {
      const at = [x + far * Math.cos(turn), y + far * Math.sin(turn)];
      if (document.elementFromPoint(...at)?.matches(".react-flow__pane")) return at;
    }
})()`;
const RADIUS = 200;

/** Drags the graph round in a circle, as a hand would. */
async function pan(page: Page): Promise<Pan> {
  const ground = await page.evaluate<[number, number] | undefined>(GROUND);
  if (ground === undefined) throw new Error("there is no place to drag the graph by");
  const [x, y] = ground;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.evaluate(WATCH);
  let drawn = 0;
  const began = performance.now();
  for (let spent = 0; spent < PAN_MS; spent = performance.now() - began) {
    const angle = (spent / 1_500) * 2 * Math.PI;
    await page.mouse.move(x + RADIUS * (Math.cos(angle) - 1), y + RADIUS * Math.sin(angle));
    if (drawn === 0 && spent > PAN_MS / 2) drawn = await page.locator(".gnode").count();
  }
  const frames = await page.evaluate<[number, string][]>("(cancelAnimationFrame(benchTurn), benchFrames)");
  await page.mouse.up();
  const times = frames.map(([time]) => time);
  const moved = frames.filter(([, at], i) => i > 0 && at !== frames[i - 1]![1]).length;
  // A graph that stands still has no frames to be proud of.
  if (moved < 2) throw new Error("the graph didn't move");
  return {
    fps: 1_000 / quantile(times, 0.5),
    slowFps: 1_000 / quantile(times, 0.95),
    drawn,
    frames: frames.length,
    moved,
  };
}

function tell(name: string, { fps, slowFps, drawn, frames, moved }: Pan): void {
  print(
    `  ${name}  median ${fps.toFixed(1)} fps  p95 ${slowFps.toFixed(1)} fps  ${drawn} nodes drawn, ${moved} of ${frames} frames moved`,
  );
}
