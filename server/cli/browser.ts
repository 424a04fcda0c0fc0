import { spawn } from "node:child_process";
import { which } from "../graph/embedded/java.js";
import { say } from "./output.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a browser is. */
export async function findBrowser(): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = await which(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

/**
 * Installs Chromium where that takes no questions: as root on a system with apt-get. Elsewhere the browser tests say
 * themselves that the browser is missing, and in CI they fail.
 */
export async function provideBrowser(): Promise<void> {
  if ((await findBrowser()) !== undefined) return;
  if (process.getuid?.() !== 0 || (await which("apt-get")) === undefined) return;
  say("installing Chromium for the browser tests");
  if ((await aptGet("update", "-q")) === 0) await aptGet("install", "-q", "-y", "--no-install-recommends", "chromium");
}

function aptGet(...args: string[]): Promise<number | null> {
  const child = spawn("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], { stdio: ["ignore", 2, 2] });
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}
