import { spawn } from "node:child_process";
import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CliError, EXIT } from "./exit.js";
import { say } from "./output.js";
import { messageShape, printReady } from "./up-report.js";

const MAIN = fileURLToPath(new URL("main.js", import.meta.url));

/** Starts `up` as a process of its own and waits until it is ready, or until it has failed. */
export async function upDetached(home: string, flags: readonly string[]): Promise<void> {
  const logs = join(home, "logs");
  await mkdir(logs, { recursive: true });
  const logPath = join(logs, "up.log");
  const log = await open(logPath, "w", 0o600);
  const child = spawn(process.execPath, [...process.execArgv, MAIN, "up", ...flags], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd, "ipc"],
  });
  const abandon = (): void => void child.kill("SIGTERM");
  process.on("SIGINT", abandon);
  process.on("SIGTERM", abandon);
  try {
    await new Promise<void>((resolve, reject) => {
      let failure: CliError | undefined;
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(
          failure ??
            new CliError(`\`up\` ended before it was ready (${signal ?? `code ${code}`}); its log is ${logPath}.`),
        ),
      );
      child.on("message", (raw) => {
        const message = messageShape.parse(raw);
        if (message.type === "progress") say(message.text);
        else if (message.type === "failed") failure = new CliError(message.text, exitCode(message.exitCode));
        else {
          printReady(message.url, message.signIn);
          say("running in the background; stop it with `./throughline down`");
          resolve();
        }
      });
    });
  } finally {
    process.off("SIGINT", abandon);
    process.off("SIGTERM", abandon);
    await log.close();
  }
  child.removeAllListeners();
  if (child.connected) child.disconnect();
  child.unref();
}

const exitCode = (code: number) => Object.values(EXIT).find((known) => known === code) ?? EXIT.failed;
