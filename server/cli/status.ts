import { Command } from "commander";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { readRun, upPid } from "./run-file.js";

interface Status {
  readonly url: string | null;
  readonly graphql: string | null;
  readonly bolt: string | null;
  readonly pid: number | null;
  readonly ready: boolean;
}

export const statusCommand = (): Command =>
  new Command("status")
    .description("what runs in this home")
    .option("--json", 'as JSON: {"url","graphql","bolt","pid","ready"}; null where nothing runs')
    .action(async (options: { json?: true }) => {
      const { home } = cliConfig();
      const { status, reason } = await readStatus(home);
      if (options.json) {
        print(JSON.stringify(status));
        if (reason !== undefined) say(reason);
        return;
      }
      if (status.pid === null) {
        print("nothing runs; start it with `./throughline up`");
        return;
      }
      print(`${status.ready ? "ready" : `not ready: ${reason ?? "still starting"}`}`);
      if (status.url !== null) print(`page      ${status.url}\ngraphql   ${status.graphql}\nbolt      ${status.bolt}`);
      print(`process   ${status.pid}`);
    });

async function readStatus(home: string): Promise<{ status: Status; reason?: string }> {
  const run = await readRun(home);
  if (run === undefined) {
    const pid = (await upPid(home)) ?? null;
    return {
      status: { url: null, graphql: null, bolt: null, pid, ready: false },
      ...(pid === null ? {} : { reason: "still starting" }),
    };
  }
  const { url, graphql, bolt, pid } = run;
  const reason = run.ready ? await notReady(url) : "still starting";
  return {
    status: { url, graphql, bolt, pid, ready: reason === undefined },
    ...(reason === undefined ? {} : { reason }),
  };
}

/** Why the server isn't ready, in its own words; undefined when it is. */
async function notReady(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(6_000) });
    if (response.ok) return undefined;
    return (await response.text()).slice(0, 500);
  } catch {
    return `the server at ${url} doesn't answer`;
  }
}
