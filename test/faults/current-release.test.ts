import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { migrate, readMigrations } from "../../migrations/migrate.js";
import { seedDemo } from "../../seed/seed.js";
import { loadConfig } from "../../server/config.js";
import { startEmbedded } from "../../server/graph/embedded/embedded.js";
import { findJavas, suitable, which } from "../../server/graph/embedded/java.js";
import { RELEASES } from "../../server/graph/embedded/releases.js";
import { openGraph } from "../../server/graph/graph.js";
import { inspectGraph } from "../../server/graph/inspect.js";
import { createServices } from "../../server/services.js";
import { environment } from "../kit/env.js";
import { projectRoot } from "../kit/project-root.js";
import { sealTenant } from "../kit/seal.js";

const release = RELEASES.current;
const java = suitable(await findJavas(), release);
const possible = java !== undefined && (await which("mvn")) !== undefined;
if (!possible)
  process.stderr.write(
    `SKIPPED: the smoke test on Neo4j ${release.version} needs ${release.java.text} and Maven, and they aren't here\n`,
  );

it.skipIf(!possible)(
  `migrations, catalog and the demo studio work on Neo4j ${release.version}`,
  async () => {
    const home = await mkdtemp(join(tmpdir(), "throughline-current-"));
    const { cache } = loadConfig(
      { THROUGHLINE_CACHE: environment.cache, XDG_CACHE_HOME: environment.xdgCache },
      projectRoot,
    );
    const database = await startEmbedded({
      home,
      cache,
      release,
      classArchive: false,
      progress: (text) => process.stderr.write(`${text}\n`),
    });
    const graph = openGraph(database);
    try {
      await migrate(graph, await readMigrations(join(projectRoot, "migrations")));
      const services = createServices({ graph });
      // Nobody seals here, and a database that plans everything for the first time may take longer than the audit may lag.
      await seedDemo(services, undefined, async (tenantId) => void (await sealTenant(tenantId, graph)));
      expect((await services.tenants()).map(({ id }) => id)).toEqual(["demo", "northlight"]);
      expect(await inspectGraph(graph)).toEqual([]);
    } finally {
      await graph.close();
      await database.stop();
      await rm(home, { recursive: true, force: true });
    }
  },
  600_000,
);
