import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DomainError } from "../server/errors.js";
import { SYSTEM_TENANT, type Graph } from "../server/graph/graph.js";
import { defineQuery, noRow, params } from "../server/graph/query.js";

/** One file: `NNNN-slug.cypher`, whose first line says `// schema: …` or `// data: …`; schema and data never share a file. */
export interface Migration {
  readonly id: string;
  readonly name: string;
  readonly kind: "schema" | "data";
  readonly sha256: string;
  readonly statements: readonly string[];
}

export interface MigrationState {
  /** Id of the newest migration that the database has; null on an empty one. */
  readonly head: string | null;
  readonly pending: readonly Migration[];
  /** Why this version of Throughline must not run on the database, if it mustn't. */
  readonly problem: string | null;
}

const FILE = /^(\d{4})-([a-z0-9-]+)\.cypher$/;

const ledgerQuery = defineQuery({
  name: "migrationLedger",
  mode: "read",
  scope: "tenant",
  params: params<Record<string, never>>(),
  cypher: `MATCH (m:Migration {tenantId: $tenantId}) WHERE m.id > ""
RETURN m.id AS id, m.name AS name, m.sha256 AS sha256 ORDER BY m.tenantId, m.id`,
  row: z.object({ id: z.string(), name: z.string(), sha256: z.string() }),
});

const recordQuery = defineQuery({
  name: "recordMigration",
  mode: "write",
  scope: "tenant",
  params: params<{ id: string; name: string; sha256: string }>(),
  cypher: `MERGE (m:Migration {tenantId: $tenantId, id: $id})
ON CREATE SET m.name = $name, m.sha256 = $sha256, m.appliedAt = datetime.realtime().epochMillis`,
  row: noRow,
});

export const migrationQueries = [ledgerQuery, recordQuery];

/** The files of a folder, in order; refuses one that isn't named or headed as it must be. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".cypher")).sort();
  return Promise.all(
    names.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      const [, id, name] = FILE.exec(file) ?? [];
      const kind = /^\/\/ (schema|data): /.exec(text)?.[1];
      if (id === undefined || name === undefined) throw new Error(`${file}: a migration is named NNNN-slug.cypher`);
      if (kind !== "schema" && kind !== "data")
        throw new Error(`${file}: its first line must say "// schema: …" or "// data: …"`);
      const statements = text
        .replaceAll(/^\/\/.*$/gm, "")
        .split(/;\s*$/m)
        .map((statement) => statement.trim())
        .filter((statement) => statement !== "");
      return { id, name, kind, sha256: createHash("sha256").update(text).digest("hex"), statements };
    }),
  );
}

const system = { tenantId: SYSTEM_TENANT };

/** What the database has and lacks of these migrations. */
export async function migrationState(graph: Graph, migrations: readonly Migration[]): Promise<MigrationState> {
  const ledger = await graph.read(system, ledgerQuery, {});
  const known = new Map(migrations.map((migration) => [migration.id, migration]));
  const newer = ledger.find((entry) => !known.has(entry.id));
  const changed = ledger.find((entry) => known.has(entry.id) && known.get(entry.id)!.sha256 !== entry.sha256);
  const problem = newer
    ? `The database has migration ${newer.id}-${newer.name}, which this version doesn't know: it was written by a newer Throughline. Run that version.`
    : changed
      ? `Migration ${changed.id}-${changed.name} was changed after the database had it. Restore the file; put the change in a new one.`
      : null;
  const applied = new Set(ledger.map((entry) => entry.id));
  return {
    head: ledger.at(-1)?.id ?? null,
    pending: migrations.filter((migration) => !applied.has(migration.id)),
    problem,
  };
}

/**
 * Brings the database to the head of these migrations. One process at a time: the lock is an open transaction's, so it
 * goes with the process that holds it. Refuses a newer ledger and a changed old file.
 */
export async function migrate(
  graph: Graph,
  migrations: readonly Migration[],
  progress: (message: string) => void = () => {},
): Promise<{ applied: string[]; head: string | null }> {
  return graph.exclusively("migrate", async () => {
    const state = await migrationState(graph, migrations);
    if (state.problem !== null) throw new DomainError("UNAVAILABLE", state.problem);
    const applied: string[] = [];
    for (const migration of state.pending) {
      progress(`migration ${migration.id}-${migration.name}`);
      await graph.runMigration(migration.kind, migration.statements);
      await graph.write(system, (tx) =>
        tx.run(recordQuery, { id: migration.id, name: migration.name, sha256: migration.sha256 }),
      );
      applied.push(migration.id);
    }
    return { applied, head: migrations.at(-1)?.id ?? null };
  });
}
