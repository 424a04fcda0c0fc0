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
The lineage page in a real browser, on an episode whose whole upstream is N nodes (2,000).
  pan      the graph is dragged about for 3 seconds, first as it opens, then with every node in sight; the figure is the median of
           the frames a second, and how many nodes were drawn
  expand   with all but the sources shown, one more hop is opened; the figure is the time from the end of the server's answer until
           the new node is on screen, the median of several
  --nodes N   10 to 5,000, which is the most that one answer holds
  --json      all figures as JSON`;

const WINDOW = { width: 1440, height: 900 };
const PAN_MS = 3_000;
const PATIENCE = { timeout: 45_000 };

interface Pan {
  readonly fps: number;
  /** What one in twenty frames doesn't reach. */
  readonly slowFps: number;
  /** Nodes that were drawn half way, as elements or painted, of those in the answer. */
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
    const address = `${installation.url}/lineage/${episodeId}?direction=upstream&first=${nodes}`;
    const panned = await measure(page, `${address}&depth=6`, nodes);
    return { ...panned, expand: await expand(page, `${address}&depth=4`) };
  });
  if (json) return print(JSON.stringify(figures));
  const { all, opened, expand: hop } = figures;
  print(`ui pan ${thousands(all.drawn)} nodes drawn ${all.fps.toFixed(1)} fps`);
  tell("all in sight", all);
  tell("as it opens ", opened);
  print(`ui expand ${hop.ms.toFixed(0)} ms beyond the answer`);
  print(
    `  into ${thousands(hop.nodes)} nodes, ${hop.times.length} times, the slowest ${Math.max(...hop.times).toFixed(0)} ms`,
  );
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
  const nodes = Number((values.nodes ?? "2000").replaceAll(/[,_]/g, ""));
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

/** Painted nodes, or where they are elements, as many as are in the document. */
const DRAWN = `Number(document.querySelector(".canvas-layer")?.dataset.paintedNodes ?? 0)
  || document.querySelectorAll(".gnode").length`;

const HOPS = 5;

/** Notes when the words that say how much is shown have changed and been drawn, and when the answer before that had come. */
const AWAIT_HOP = `new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("the hop brought nothing: " + shown.textContent)), ${PATIENCE.timeout});
  const shown = document.querySelector('[data-testid="shown"]');
  const before = shown.textContent;
  new MutationObserver((_, observer) => {
    if (shown.textContent === before) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      const answers = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/graphql"));
      resolve(performance.now() - Math.max(...answers.map(({ responseEnd }) => responseEnd)));
    }));
  }).observe(shown, { childList: true, characterData: true, subtree: true });
})`;

/** Opens one more hop on several nodes in turn, by keyboard, and says how long the page took after each answer. */
async function expand(page: Page, address: string): Promise<{ ms: number; times: number[]; nodes: number }> {
  say("opening hops");
  await page.goto(address);
  await page.locator(".gnode").first().waitFor(PATIENCE);
  await page.locator(".gnode-main[tabindex='0']").focus();
  // From the episode along a link of each kind to a snapshot, whose source isn't shown.
  for (let hop = 0; hop < 4; hop++) await page.keyboard.press("ArrowRight");
  const words = await page.getByTestId("shown").textContent();
  const shown = /Showing ([\d,]+)/.exec(words ?? "")?.[1]?.replaceAll(",", "") ?? "0";
  const times: number[] = [];
  for (let turn = 0; turn < HOPS; turn++) {
    const drawn = page.evaluate<number>(AWAIT_HOP);
    await page.keyboard.press("e");
    times.push(await drawn);
    await page.keyboard.press("ArrowDown");
  }
  return { ms: quantile(times, 0.5), times, nodes: Number(shown) };
}

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
    if (drawn === 0 && spent > PAN_MS / 2) drawn = await page.evaluate<number>(DRAWN);
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
