import type { Config } from "../config.js";
import { startEmbedded } from "../graph/embedded/embedded.js";
import { storePaths } from "../graph/embedded/store.js";
import { configuredDatabase } from "../secrets/configured.js";
import { CliError } from "./exit.js";
import { checkPort } from "./up-port.js";
import type { UpReport } from "./up-report.js";
import type { Address } from "./up-serve.js";

export interface UpOptions {
  readonly config: Config;
  readonly port: number | undefined;
  readonly empty: boolean;
  readonly report: UpReport;
}

/** What was started, ended in reverse order. */
export class Started {
  readonly #closers: { name: string; close: () => Promise<unknown> }[] = [];

  #closed = false;

  add(name: string, close: () => Promise<unknown>): void {
    if (this.#closed) void close().catch(() => undefined);
    else this.#closers.push({ name, close });
  }

  async closeAll(progress: (text: string) => void): Promise<void> {
    this.#closed = true;
    for (const { name, close } of this.#closers.splice(0).reverse()) {
      await close().catch((error: unknown) =>
        progress(`stopping the ${name}: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
  }
}

/** Runs everything until it is asked to stop, or until the database is gone, which is a failure. */
export async function runUp(options: UpOptions): Promise<void> {
  const { config, report } = options;
  const stop = new AbortController();
  const stopAsked = new Promise<void>((resolve) =>
    stop.signal.addEventListener("abort", () => resolve(), { once: true }),
  );
  const onSignal = (): void => {
    // Whoever asks twice doesn't want to wait: the watchdog ends the database without us.
    if (stop.signal.aborted) process.exit(130);
    report.progress("stopping");
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  const started = new Started();
  try {
    if (options.port !== undefined) await checkPort(options.port);
    // Loaded while the database starts, as it is a lot of code.
    const [{ address, died }, { serve }] = await Promise.all([
      database(config, stop.signal, started, report),
      import("./up-serve.js"),
    ]);
    // A stop doesn't wait for what is under way, such as the demo studio: the next start goes on with it.
    const gone = died.catch(() => undefined);
    const stopping = { signal: stop.signal, asked: stopAsked, gone };
    await Promise.race([serve(options, address, stopping, started), died, stopAsked]);
  } catch (error) {
    // Whatever a stop interrupts fails in its own way; that isn't news.
    if (!stop.signal.aborted) throw error;
  } finally {
    // What still starts must not go on once all is closed.
    stop.abort();
    await started.closeAll(report.progress);
    for (const name of signals) process.off(name, onSignal);
  }
}

interface Database {
  readonly address: Address;
  /** Rejects when the embedded database ends without having been asked to. */
  readonly died: Promise<never>;
}

async function database(config: Config, signal: AbortSignal, started: Started, report: UpReport): Promise<Database> {
  const address = configuredDatabase(config);
  if (address !== null) {
    report.progress(`using the database at ${address.uri}`);
    return { address, died: new Promise<never>(() => undefined) };
  }
  report.progress("starting Neo4j");
  const embedded = await startEmbedded({ home: config.home, cache: config.cache, progress: report.progress, signal });
  started.add("database", () => embedded.stop());
  const died = embedded.exited.then((exit): Promise<never> => {
    if (exit.asked) return new Promise<never>(() => undefined);
    throw new CliError(
      `The database ended by itself (code ${exit.code}), so everything stops; start again with \`./throughline up\`: nothing acknowledged is lost. Its log is ${storePaths(config.home).consoleLog}.`,
    );
  });
  died.catch(() => undefined);
  const { uri, user, password, pid } = embedded;
  return { address: { uri, user, password, databasePid: pid }, died };
}
