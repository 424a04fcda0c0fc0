import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SCHEMA, toCypher } from "../../graph-schema/constraints.js";
import { catalogDocument } from "../../graph-schema/diagram.js";
import { epilogue } from "../../server/commands/operation.query.js";
import { readMigrations } from "../../migrations/migrate.js";

const project = join(import.meta.dirname, "../..");

const CREATE = /^CREATE (?:CONSTRAINT|(?:FULLTEXT |VECTOR |TEXT |POINT |RANGE )?INDEX) (\w+)/;
const DROP = /^DROP (?:CONSTRAINT|INDEX) (\w+)/;

/** What a database has after all migrations: the statement that made each constraint or index, by its name. */
async function migrated(): Promise<Map<string, string>> {
  const items = new Map<string, string>();
  for (const migration of await readMigrations(join(project, "migrations"))) {
    if (migration.kind !== "schema") continue;
    for (const statement of migration.statements) {
      const created = CREATE.exec(statement)?.[1];
      const dropped = DROP.exec(statement)?.[1];
      if (created !== undefined) items.set(created, statement);
      else if (dropped !== undefined) items.delete(dropped);
      else throw new Error(`${migration.id}-${migration.name}: neither creates nor drops a named item: ${statement}`);
    }
  }
  return items;
}

describe("the catalog", () => {
  it("is what docs/graph.md shows (vitest --update writes it anew)", async () => {
    await expect(catalogDocument()).toMatchFileSnapshot(join(project, "docs/graph.md"));
  });

  it("is what the migrations leave in a database", async () => {
    const wanted = new Map(SCHEMA.map((item) => [item.name, toCypher(item)]));
    expect(Object.fromEntries(await migrated())).toEqual(Object.fromEntries(wanted));
  });

  it("holds nothing unique by its id that every command adds, and everything by its id that isn't only added", () => {
    const created = [...epilogue.cypher.matchAll(/CREATE \(\w+:([\w:]+) /g)].flatMap((match) => match[1]!.split(":"));
    const added = [...new Set(created)].toSorted();
    const indexed = SCHEMA.filter(({ kind, properties }) => kind === "RANGE" && properties[1] === "id");
    expect(indexed.flatMap(({ labels }) => labels).toSorted()).toEqual(added);
    expect(added).toContain("AuditEntry");
  });

  it("has a migration file for every number, from 0001 on", () => {
    const files = readdirSync(join(project, "migrations")).filter((name) => name.endsWith(".cypher"));
    const numbers = files.toSorted().map((name) => Number(name.slice(0, 4)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it("names every constraint and index once", () => {
    const names = SCHEMA.map((item) => item.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has its diagram in a form that Mermaid reads: three flowcharts of named ends", () => {
    const text = readFileSync(join(project, "docs/graph.md"), "utf8");
    const charts = [...text.matchAll(/```mermaid\n(.*?)```/gs)].map((match) => match[1]?.trimEnd().split("\n") ?? []);
    expect(charts.map((lines) => lines[0])).toEqual(["flowchart LR", "flowchart LR", "flowchart LR"]);
    for (const line of charts.flatMap((lines) => lines.slice(1))) {
      expect(line).toMatch(/^ {2}\w+ (==>|-\.->|-->)\|"[A-Z_]+(<br>[A-Z_]+)*"\| \w+$/);
    }
  });
});
