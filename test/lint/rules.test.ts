import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ARROW, ASIDE } from "./architecture.js";

const project = join(import.meta.dirname, "../..");
const fixtures = join(import.meta.dirname, "fixtures");
const CONFIG = ".oxlintrc.json";
const PLUGIN = "test/lint/architecture.js";

const report = z.object({
  diagnostics: z.array(z.object({ message: z.string(), code: z.string().optional(), filename: z.string() })),
});
const config = z.object({ rules: z.record(z.string(), z.unknown()) });

/** `import(no-cycle)`, as the linter reports it, is `import/no-cycle` in the configuration; its core rules have no prefix there. */
const ruleName = (code = "none") => code.replace(/^(.+)\((.+)\)$/, "$1/$2");
const asReported = (rule: string) => (rule.includes("/") ? rule : `eslint/${rule}`);

const filesOf = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted();

const write = (root: string, path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

const linesOfCode = (count: number) => "export {};\n".repeat(count);

/** Too long to keep as files: a file at each limit, and one a line above it. */
const LONG = [
  { path: "server/graph/long.ts", limit: 400 },
  { path: "server/graph/long.test.ts", limit: 600 },
  { path: "test/kit/long.ts", limit: 600 },
] as const;

/** Lays a tree out like the project, with the real configuration, and lints it: what was reported, by file. */
async function lint(tree: "planted" | "clean"): Promise<Map<string, { rule: string; message: string }[]>> {
  const root = mkdtempSync(join(tmpdir(), `throughline-lint-${tree}-`));
  try {
    cpSync(join(fixtures, tree), root, { recursive: true });
    for (const { path, limit } of LONG) write(root, path, linesOfCode(tree === "clean" ? limit : limit + 1));
    write(root, CONFIG, readFileSync(join(project, CONFIG), "utf8"));
    write(root, PLUGIN, readFileSync(join(project, PLUGIN), "utf8"));
    const oxlint = join(project, "node_modules/oxlint/bin/oxlint");
    const output = await new Promise<string>((resolve, reject) => {
      execFile(
        process.execPath,
        [oxlint, "--format=json", "."],
        { cwd: root, maxBuffer: 1 << 26 },
        (error, stdout, stderr) => {
          // It exits with 1 when it found something; only a run without a report is a failure of the run.
          if (error !== null && !stdout.startsWith("{")) reject(new Error(`${stdout}${stderr}`, { cause: error }));
          else resolve(stdout);
        },
      );
    });
    const found = new Map<string, { rule: string; message: string }[]>();
    for (const { filename, code, message } of report.parse(JSON.parse(output)).diagnostics) {
      found.set(filename, [...(found.get(filename) ?? []), { rule: ruleName(code), message }]);
    }
    return found;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A planted file says on its first line which rule must catch it. */
const planted = [
  ...filesOf(join(fixtures, "planted")).map((path) => {
    const rule = /^\/\/ caught by: (\S+)$/m.exec(readFileSync(join(fixtures, "planted", path), "utf8"))?.[1];
    return { path, rule: rule ?? "no rule named on the first line" };
  }),
  ...LONG.map(({ path }) => ({ path, rule: "eslint/max-lines" })),
];

describe("the linter", () => {
  let inPlanted: Awaited<ReturnType<typeof lint>>;
  let inClean: Awaited<ReturnType<typeof lint>>;
  beforeAll(async () => {
    [inPlanted, inClean] = await Promise.all([lint("planted"), lint("clean")]);
  }, 60_000);
  afterAll(() => {
    inPlanted.clear();
    inClean.clear();
  });

  it.each(planted)("catches the planted violation in $path by $rule, and nothing else there", ({ path, rule }) => {
    const rules = new Set((inPlanted.get(path) ?? []).map((each) => each.rule));
    expect([...rules]).toEqual([rule]);
  });

  it("has nothing to say about the clean twins", () => {
    expect(Object.fromEntries(inClean)).toEqual({});
  });

  it("has a planted violation for every rule that the configuration names", () => {
    const { rules } = config.parse(JSON.parse(readFileSync(join(project, CONFIG), "utf8")));
    const switchedOn = Object.keys(rules).filter((rule) => rules[rule] !== "off");
    const unproven = switchedOn.filter((rule) => !planted.some((each) => each.rule === asReported(rule)));
    expect(unproven).toEqual([]);
  });

  it("has a violation of the arrow planted in every layer that has something after it", () => {
    const layers = [...ARROW, ...ASIDE].filter(([name]) => name !== "test");
    const paths = planted.filter(({ rule }) => rule === "throughline/arrow").map(({ path }) => path);
    const untried = layers.filter(([, patterns]) => !paths.some((path) => patterns.some((each) => each.test(path))));
    expect(untried.map(([name]) => name)).toEqual([]);
  });

  it("has a clean twin for every planted violation that a file can have one of", () => {
    const clean = new Set([...filesOf(join(fixtures, "clean")), ...LONG.map(({ path }) => path)]);
    // These two are wrong by their names, so no text could make them clean.
    const wrongByName = new Set(["server/stray.ts", "server/domains/source/index.ts"]);
    expect(planted.filter(({ path }) => !clean.has(path) && !wrongByName.has(path))).toEqual([]);
  });
});
