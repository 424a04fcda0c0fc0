import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { inject, vi } from "vitest";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { loadAuditSigner } from "../../server/audit/signer.js";
import { explain } from "../../server/cli/explain.js";
import { tenantCommand } from "../../server/cli/tenant.js";
import { loadConfig, type Config } from "../../server/config.js";
import { startEmbedded } from "../../server/graph/embedded/embedded.js";
import { openGraph, type Graph, type GraphOptions } from "../../server/graph/graph.js";
import { openServices, type Services } from "../../server/services.js";
import { environment } from "./env.js";
import { projectRoot } from "./project-root.js";

/** One region: a database, a home with keys of its own, and the services of a process there. */
export interface Region {
  readonly name: string;
  readonly home: string;
  readonly config: Config;
  readonly graph: Graph;
  readonly services: Services;
  readonly env: Readonly<Record<string, string>>;
}

export interface Regions {
  readonly first: Region;
  readonly second: Region;
  close(): Promise<void>;
}

/** Two real databases as two regions that one regions.yaml names: the suite's own, and another that goes with this. */
export async function openRegions(first: string, second: string): Promise<Regions> {
  const folder = await mkdtemp(join(tmpdir(), "throughline-regions-"));
  const { cache } = loadConfig(
    { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
    projectRoot,
  );
  const other = await startEmbedded({ home: join(folder, "other"), cache, classArchive: false, progress: () => {} });
  const addresses: Readonly<Record<string, GraphOptions>> = { [first]: inject("database"), [second]: other };
  const file = join(folder, "regions.yaml");
  const regions: Record<string, object> = {};
  const passwords: Record<string, string> = {};
  for (const [name, { uri, user, password }] of Object.entries(addresses)) {
    const home = join(folder, name);
    const key = (await loadAuditSigner(home)).publicKey.toString("base64");
    regions[name] = { uri, user, storage: { home, backups: join(folder, "backups", name) }, auditKeys: [key] };
    passwords[`NEO4J_PASSWORD_${name.toUpperCase()}`] = String(password);
  }
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ regions }));
  const opened: Graph[] = [];
  const open = async (name: string): Promise<Region> => {
    const { uri, user, password } = addresses[name]!;
    const env = {
      THROUGHLINE_HOME: join(folder, name),
      THROUGHLINE_REGION: name,
      THROUGHLINE_REGIONS: file,
      NEO4J_URI: uri,
      NEO4J_USER: user,
      NEO4J_PASSWORD: String(password),
      ...passwords,
    };
    const config = loadConfig(env, projectRoot);
    const graph = openGraph({ uri, user, password, timeoutMs: { read: 60_000, write: 60_000 } });
    opened.push(graph);
    await migrate(graph, await readMigrations(join(projectRoot, "migrations")));
    const services = await openServices(graph, config, pino({ level: "silent" }));
    return { name, home: config.home, config, graph, services, env };
  };
  return {
    first: await open(first),
    second: await open(second),
    async close() {
      for (const graph of opened) await graph.close();
      await other.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

/** `./throughline tenant …` in a region, in this process. */
export async function tenantCli(region: Region, ...args: string[]): Promise<Said> {
  const [out, said]: [string[], string[]] = [[], []];
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi
      .spyOn(process[stream], "write")
      .mockImplementation((text) => (stream === "stdout" ? out : said).push(String(text)) > 0),
  );
  for (const [name, value] of Object.entries(region.env)) vi.stubEnv(name, value);
  const command = tenantCommand();
  for (const one of [command, ...command.commands]) one.exitOverride();
  const told = (code: number, more = ""): Said => ({ code, out: out.join(""), said: said.join("") + more });
  try {
    await command.parseAsync(args, { from: "user" });
    return told(0);
  } catch (error) {
    const { exitCode, text } = explain(error);
    return told(exitCode, text);
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
