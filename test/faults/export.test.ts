import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseCsv } from "../kit/csv.js";
import { Installation } from "./installation.js";

/* The command as a user has it: the real script, a real server, the demo studio. */

let here: Installation;
let claim: string;

beforeAll(async () => {
  here = await Installation.create();
  const up = await here.cli("up", "--detach");
  if (up.code !== 0) throw new Error(up.stderr);
  const { data } = await ask("{ claims(first: 1) { edges { node { id } } } }");
  claim = (data as { claims: { edges: { node: { id: string } }[] } }).claims.edges[0]!.node.id;
});
afterAll(async () => {
  await here.cli("down");
  await here.remove();
});

async function ask(query: string, variables: object = {}): Promise<{ data: unknown }> {
  const { url } = await here.status();
  const token = (await here.cli("token", "--tenant", "demo", "--roles", "analyst")).stdout.trim();
  const answer = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await answer.json()) as { data: unknown };
}

const lineage = (...args: string[]) => here.cli("export", "lineage", ...args);
const demo = ["--tenant", "demo"] as const;

it("prints what the API answers for the same instant, a format like the other, and says which instant", async () => {
  const csv = await lineage(claim, ...demo, "--format", "csv", "--depth", "4");
  expect(csv.code).toBe(0);
  const asOf = / as of (\S+) \((settled|not settled yet.*)\)\n$/.exec(csv.stderr)?.[1];
  const { data } = await ask(
    `query ($id: ID!, $asOf: DateTime!) { lineage(id: $id, depth: 4, first: 5000, asOf: $asOf) { edges { type from to } } }`,
    { id: claim, asOf },
  );
  const { edges } = (data as { lineage: { edges: { type: string; from: string; to: string }[] } }).lineage;
  const [header, ...rows] = parseCsv(csv.stdout);
  expect(header?.slice(0, 4)).toEqual(["from_id", "from_label", "from_title", "type"]);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map((row) => `${row[0]} ${row[3]} ${row[4]}`).toSorted()).toEqual(
    edges.map(({ from, type, to }) => `${from} ${type} ${to}`).toSorted(),
  );
  for (const format of ["json", "prov-json", "prov-jsonld", "claimreview"]) {
    const { code, stdout } = await lineage(claim, ...demo, "--format", format, "--as-of", asOf!);
    expect(code, format).toBe(0);
    expect(typeof JSON.parse(stdout), format).toBe("object");
  }
});

it("writes a file whole and in one step, and leaves an older one as it was when it can't", async () => {
  const folder = here.home;
  const out = join(folder, "lineage.csv");
  await writeFile(out, "older");
  const refused = await lineage("Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1", ...demo, "--format", "csv", "--out", out);
  expect([refused.code, refused.stdout, await readFile(out, "utf8")]).toEqual([1, "", "older"]);
  const done = await lineage(claim, ...demo, "--format", "csv", "--out", out);
  expect([done.code, done.stdout]).toEqual([0, ""]);
  expect((await readFile(out, "utf8")).startsWith("from_id,")).toBe(true);
  expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  const nowhere = await lineage(claim, ...demo, "--format", "csv", "--out", join(folder, "no", "such", "folder.csv"));
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("can't be written (ENOENT)")]);
});

it("says what is wrong by its exit code and in a sentence", async () => {
  const cases: readonly (readonly [number, string, readonly string[]])[] = [
    [2, "isn't the id of a node", ["nonsense", ...demo, "--format", "csv"]],
    [2, "Allowed choices are csv", [claim, ...demo, "--format", "xml"]],
    [2, "--format", [claim, ...demo]],
    [2, "--tenant", [claim, "--format", "csv"]],
    [2, "from 1 to 12", [claim, ...demo, "--format", "csv", "--depth", "13"]],
    [2, "`asOf`", [claim, ...demo, "--format", "csv", "--as-of", "yesterday"]],
    [2, "future", [claim, ...demo, "--format", "csv", "--as-of", "2999-01-01"]],
    [1, "There is no such thing", [claim, ...demo, "--format", "csv", "--as-of", "1999-01-01"]],
    [1, "There is no tenant", [claim, "--tenant", "nobody", "--format", "csv"]],
  ];
  for (const [code, said, args] of cases) {
    const answer = await lineage(...args);
    expect([answer.code, answer.stdout], answer.stderr).toEqual([code, ""]);
    expect(answer.stderr).toContain(said);
  }
  expect(await here.cli("tenant", "suspend", "demo")).toMatchObject({ code: 0 });
  expect(await lineage(claim, ...demo, "--format", "csv")).toMatchObject({ code: 3, stdout: "" });
});
