import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { OWN_OPERATIONS } from "../../server/commands/own-operation.js";
import { PROBLEM_CODES } from "../../server/commands/problem.js";
import { MAX_TEXT } from "../../server/commands/input.js";
import { loadConfig } from "../../server/config.js";
import { ERROR_CODES } from "../../server/errors.js";
import { TIMEOUT_MS } from "../../server/graph/graph.js";
import { LIMITS } from "../../server/graphql/limits.js";

const project = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(project, path), "utf8");
const there = (path: string) => existsSync(join(project, path));

const markdownIn = (folder: string) =>
  readdirSync(join(project, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => join(folder, entry.name));

const records = markdownIn("docs/adr");
const documents = [...markdownIn("."), ...markdownIn("docs"), ...records];

/** What stands in code marks and looks like a path of ours, without placeholders such as `<noun>`. */
const pathsNamed = (text: string) =>
  [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)+\/?)`/g)]
    .map((match) => match[1] ?? "")
    .filter((path) => !path.startsWith("dist/"));

describe("the documents", () => {
  it.each(documents)("%s links only to what is there", (document) => {
    const targets = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? "");
    const local = targets
      .filter((target) => !/^(https?:|mailto:|#)/.test(target))
      .map((target) => target.split("#")[0] ?? "");
    expect(local.filter((target) => !there(join(dirname(document), target)))).toEqual([]);
  });

  it("ARCHITECTURE.md is short and has a line for every folder", () => {
    const text = read("ARCHITECTURE.md");
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(80);
    const folders = ["", "server", "test"].flatMap((parent) =>
      readdirSync(join(project, parent), { withFileTypes: true })
        .filter(
          (entry) =>
            entry.isDirectory() && !entry.name.startsWith(".") && !["node_modules", "dist"].includes(entry.name),
        )
        .map((entry) => `${entry.name}/`),
    );
    expect(folders.filter((folder) => !text.includes(folder))).toEqual([]);
  });

  it.each(["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"])("%s names only paths that exist", (document) => {
    expect(pathsNamed(read(document)).filter((path) => !there(path))).toEqual([]);
  });

  it("README.md names the test command that CI runs", () => {
    expect(read("README.md")).toContain("./throughline test");
    expect(read(".ci/run")).toContain("./throughline test");
  });

  it("LICENSE is the one that package.json names", () => {
    expect(read("LICENSE")).toContain("Apache License");
    expect(read("package.json")).toContain('"license": "Apache-2.0"');
  });
});

describe("a decision record", () => {
  it.each(records)("%s is numbered, short, and kept by a test or rule that exists", (path) => {
    expect(path).toMatch(/^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/);
    const text = read(path);
    expect(text.split("\n").length).toBeLessThanOrEqual(60);
    const keepers = /^Kept by: (.+)$/m.exec(text)?.[1] ?? "";
    const paths = pathsNamed(keepers);
    expect(paths).not.toEqual([]);
    expect(paths.filter((keeper) => !there(keeper))).toEqual([]);
  });

  it("has a number of its own, without gaps", () => {
    const numbers = records.map((path) => Number(/(\d{4})-/.exec(path)?.[1])).toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe("docs/api.md", () => {
  const text = read("docs/api.md");
  const rowsUnder = (heading: string) =>
    (text.split(`\n| ${heading} |`)[1]?.split("\n\n")[0] ?? "")
      .split("\n")
      .slice(2)
      .map((row) =>
        row
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      );
  const codesUnder = (heading: string) => rowsUnder(heading).map(([code]) => code?.replaceAll("`", ""));

  it("names every problem code and every error code, and no other", () => {
    expect(codesUnder("problem")).toEqual(Object.keys(PROBLEM_CODES));
    expect(codesUnder("code")).toEqual([...ERROR_CODES]);
  });

  it("names what no operation id of a client begins with", () => {
    const said = /^- An id that begins with (.+) is refused/m.exec(text)?.[1] ?? "";
    expect([...said.matchAll(/`(\w+)\/`/g)].map(([, begins]) => begins)).toEqual([...OWN_OPERATIONS]);
  });

  it("names every address that answers beside GraphQL", () => {
    const routes = readdirSync(join(project, "server/http"))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .flatMap((file) => [
        ...read(`server/http/${file}`).matchAll(/(?:\.(?:get|post)\(|\burl: |\bCALLBACK = )"(\/[^"]*)"/g),
      ])
      .map(([, path]) => path!.replaceAll(/:(\w+)/g, "<$1>"))
      // GraphQL itself, and the page.
      .filter((path) => !["/graphql", "/", "/*"].includes(path));
    expect(routes).toEqual(expect.arrayContaining(["/oidc/callback", "/graphql/stream", "/import/feed"]));
    const table = text.split("\n## Beside GraphQL\n")[1] ?? "";
    const named = [...table.matchAll(/`[A-Z]+ (\/[^`]+)`/g)].map(([, path]) => path!);
    expect(named.toSorted()).toEqual(routes.toSorted());
  });

  it("gives the limits that hold", () => {
    const number = (value: number) => value.toLocaleString("en-GB");
    const range = ({ min, max }: { min: number; max: number }) => `${min} to ${number(max)}`;
    const seconds = Object.values(TIMEOUT_MS).map((ms) => `${ms / 1_000} s`);
    const megabytes = (bytes: number) => `${bytes / 1e6} MB`;
    // Whoever adds a limit is asked for its row by the compiler.
    const rows = {
      depth: ["`depth`", range(LIMITS.depth)],
      lineageFirst: ["`lineage(first)`", `${range(LIMITS.lineageFirst)}; ${LIMITS.lineageFirst.default} unless given`],
      first: ["`first` of lists and search", `${range(LIMITS.first)}; ${LIMITS.first.default} unless given`],
      paths: ["`first` of `paths`", `${range(LIMITS.paths)}; ${LIMITS.paths.default} unless given`],
      completions: [
        "`first` of `completeSelection`",
        `${range(LIMITS.completions)}; ${LIMITS.completions.default} unless given`,
      ],
      selectionText: ["expression of a selection", `${range(LIMITS.selectionText)} characters`],
      selectionTerms: ["terms of a selection", number(LIMITS.selectionTerms)],
      searchText: ["text of a search", `${range(LIMITS.searchText)} characters`],
      fieldNodes: ["nodes that fields of nodes lead to, in one request", number(LIMITS.fieldNodes)],
      textBytes: ["texts of snapshots in one answer", megabytes(LIMITS.textBytes)],
      stageOutputs: ["outputs of stages in one answer", number(LIMITS.stageOutputs)],
      bodyBytes: ["body of a request", megabytes(LIMITS.bodyBytes)],
      uploadBytes: ["an upload", megabytes(LIMITS.uploadBytes)],
      eventBytes: ["an event that a webhook brings", `${LIMITS.eventBytes / 1e3} kB`],
      exported: [
        "an exported file, whole or refused",
        `${number(LIMITS.exported.nodes)} nodes, ${number(LIMITS.exported.edges)} edges, ${number(LIMITS.exported.characters)} characters of titles and reasons; ${number(LIMITS.exported.claims)} claims as ClaimReview`,
      ],
      aliases: ["aliases in a document, a repeated `__typename` counted", number(LIMITS.aliases)],
      directivesPerField: ["directives on a field", number(LIMITS.directivesPerField)],
      directives: ["directives in a document", number(LIMITS.directives)],
      tokens: ["tokens of a document", number(LIMITS.tokens)],
      fieldDepth: ["levels of fields", number(LIMITS.fieldDepth)],
      cost: ["objects that a document could make an answer of", number(LIMITS.cost)],
      streams: [
        "streams of one principal, of a studio, in one process",
        `${number(LIMITS.streams.principal)}, ${number(LIMITS.streams.tenant)}`,
      ],
      errors: ["errors told in one answer", number(LIMITS.errors)],
    } satisfies Record<keyof typeof LIMITS, [string, string]>;
    expect(rowsUnder("limit")).toEqual([
      ...Object.values(rows),
      ["a text", `${number(MAX_TEXT)} characters`],
      ["time of a read, a change, a batch", seconds.join(", ")],
    ]);
  });
});

describe("what one tenant may ask", () => {
  it("is in docs/api.md as it is in the configuration", () => {
    const { limits } = loadConfig({}, project);
    const table = read("docs/api.md").split("| for one tenant |")[1]?.split("\n\n")[0] ?? "";
    const rows = [...table.matchAll(/\| ([\d,]+) \| `([A-Z_]+)` \|/g)].map(([, most, variable]) => [variable, most]);
    const set = {
      ratePerSecond: "THROUGHLINE_RATE_PER_SECOND",
      burst: "THROUGHLINE_BURST",
      concurrency: "THROUGHLINE_CONCURRENCY",
      queue: "THROUGHLINE_QUEUE",
      requestsPerDay: "THROUGHLINE_REQUESTS_PER_DAY",
    } satisfies Record<keyof typeof limits, string>;
    expect(rows).toEqual(
      Object.entries(limits).map(([name, most]) => [set[name as keyof typeof set], most.toLocaleString("en-GB")]),
    );
  });
});

describe(".env.example", () => {
  const named = [...read(".env.example").matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map((match) => ({
    name: match[1] ?? "",
    value: match[2] ?? "",
  }));

  it("names every variable that the configuration reads, and no other", () => {
    const variables = [...read("server/config.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+): z\b/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(named.map((each) => each.name).toSorted()).toEqual(variables.toSorted());
  });

  it("sets nothing, so that using it as it is changes nothing", () => {
    const env = Object.fromEntries(named.map(({ name, value }) => [name, value]));
    expect(loadConfig(env, project)).toEqual(loadConfig({}, project));
  });
});
