/**
 * The project's own lint rules, loaded by .oxlintrc.json. Plain JavaScript, because the linter loads it without a build.
 *
 * Imports are judged by the file they lead to, not by how the path is spelt, and it makes no difference whether they are
 * static, dynamic, type-only or re-exports. Each rule has a planted violation in fixtures/, and rules.test.ts proves it caught.
 */
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The arrow: a layer imports itself and whatever stands before it in this list, nothing after it.
 * The first pattern that fits a path decides its layer, so the narrow ones of a folder stand before the wide one.
 */
export const ARROW = [
  ["graph-schema", [/^graph-schema\//]],
  ["foundation", [/^server\/(config|errors|clock|log)\.ts$/]],
  ["graph", [/^server\/graph\//]],
  ["identity", [/^server\/(identity|policy|secrets)\//]],
  ["commands", [/^server\/commands\//]],
  ["governance", [/^server\/(audit|webhooks|tenancy)\//]],
  ["leases-and-runs", [/^server\/jobs\//]],
  ["trace", [/^server\/trace\//]],
  ["domains-and-reads", [/^server\/(domains|reads)\/[^/]+\/[^/]+(?<!\.resolver|\.type)\.ts$/]],
  ["pipeline", [/^server\/pipeline\//]],
  ["services", [/^server\/(services|duties|warm-up)\.ts$/]],
  ["imports-and-exports", [/^server\/(imports|exports)\//]],
  ["query-list", [/^server\/queries\.ts$/]],
  ["graphql-kit", [/^server\/graphql\/(?!(schema|execute|apollo)\.ts$)/]],
  ["resolvers", [/^server\/(domains|reads)\/[^/]+\/[^/]+\.(resolver|type)\.ts$/]],
  ["graphql", [/^server\/graphql\//]],
  ["http", [/^server\/http\//]],
  ["main", [/^server\/main\.ts$/]],
];

const ARROW_NAMES = ARROW.map(([name]) => name);

/** What stands beside the arrow, and what each of these may import besides itself. */
export const ASIDE = [
  ["migrations", [/^migrations\//], ["graph-schema", "foundation", "graph"]],
  ["jobs", [/^jobs\//], ["services"]],
  ["seed", [/^seed\//], ["graph-schema", "services"]],
  ["ui", [/^ui\//], []],
  ["cli", [/^server\/cli\//], [...ARROW_NAMES, "migrations", "seed", "jobs"]],
  ["test", [/^test\//, /\.test\.tsx?$/], [...ARROW_NAMES, "migrations", "seed", "jobs", "ui", "cli", "docs"]],
  ["tools", [/^[^/]+\.config\.ts$/], ["test"]],
  // What readers of the documents run stands by itself: it needs nothing but Node.
  ["docs", [/^docs\//], []],
];

/** Layers of the arrow that may import something from beside it: whoever tells that the migrations are at head. */
const ALSO = {
  services: ["migrations"],
  "query-list": ["migrations"],
  http: ["migrations"],
  main: ["migrations", "jobs"],
};

/** Packages that have one home. */
const PACKAGE_HOMES = [
  [/^neo4j-driver/, [/^server\/graph\//, /^migrations\//], "server/graph and migrations"],
  [/^node-cron$/, [/^jobs\/main\.ts$/], "jobs/main.ts"],
  [/^(fastify|@fastify\/.+|@as-integrations\/.+)$/, [/^server\/(http|graphql)\//, /^server\/main\.ts$/], "server/http"],
  [/^(react|react-dom|urql|@urql\/.+|@mantine\/.+|@xyflow\/.+)(\/|$)/, [/^ui\//], "ui"],
];

const GRAPHQL_PACKAGE =
  /^(graphql|graphql-[^/]+|type-graphql|dataloader|@apollo\/.+|@as-integrations\/.+|@graphql-[^/]+\/.+)(\/|$)/;

const fits = (path, patterns) => patterns.some((pattern) => pattern.test(path));
const TEST_PATTERNS = ASIDE.find(([name]) => name === "test")[1];
const isTest = (path) => fits(path, TEST_PATTERNS);

/** A test beside its code is a test, wherever it is; beyond that the first fit counts. */
const layerOf = (path) =>
  isTest(path) ? "test" : [...ARROW, ...ASIDE].find(([, patterns]) => fits(path, patterns))?.[0];

const mayImport = (from, to) => {
  if (from === to) return true;
  const aside = ASIDE.find(([name]) => name === from);
  if (aside) return aside[2].includes(to);
  const target = ARROW_NAMES.indexOf(to);
  return (target >= 0 && target < ARROW_NAMES.indexOf(from)) || (ALSO[from] ?? []).includes(to);
};

const toPosix = (path) => path.split(sep).join("/");
const projectPath = (file) => toPosix(relative(ROOT, file));

/** The project path that a relative specifier leads to, or null for a package. Sources are TypeScript, specifiers say `.js`. */
const resolveImport = (file, specifier) =>
  /^\.{0,2}\//.test(specifier) || specifier === "." || specifier === ".."
    ? projectPath(join(dirname(file), specifier)).replace(/\.js$/, ".ts")
    : null;

/** A rule that sees every import of a file, however it is written: `check({path, specifier, target, report})`. */
const importRule = (description, check, checkFile) => ({
  meta: { type: "problem", docs: { description }, schema: [] },
  create(context) {
    const path = projectPath(context.filename);
    const visit = (source) => {
      const specifier = source?.type === "TemplateLiteral" ? source.quasis[0].value.cooked : source?.value;
      if (typeof specifier !== "string" || source.expressions?.length > 0) return;
      const report = (message) => context.report({ node: source, message });
      check({ path, specifier, target: resolveImport(context.filename, specifier), report });
    };
    return {
      Program: (node) => checkFile?.({ path, report: (message) => context.report({ node, message }) }),
      ImportDeclaration: (node) => visit(node.source),
      ExportNamedDeclaration: (node) => visit(node.source),
      ExportAllDeclaration: (node) => visit(node.source),
      ImportExpression: (node) => visit(node.source),
      TSImportType: (node) => visit(node.source),
      TSExternalModuleReference: (node) => visit(node.expression),
      CallExpression: (node) => {
        if (node.callee.type === "Identifier" && node.callee.name === "require") visit(node.arguments[0]);
      },
    };
  },
});

const arrow = importRule(
  "imports follow the arrow",
  ({ path, specifier, target, report }) => {
    const from = layerOf(path);
    if (from === "graph-schema" && target === null && specifier !== "zod") {
      report(`graph-schema imports only zod, not ${specifier}.`);
    }
    // What has no layer is no source of ours: package.json, generated documents, style sheets.
    const to = target === null ? undefined : layerOf(target);
    if (from === undefined || to === undefined || mayImport(from, to)) return;
    report(`${from} must not import ${to} (${target}): the arrow points the other way.`);
  },
  ({ path, report }) => {
    if (layerOf(path) === undefined) report(`${path} has no layer: give it one in test/lint/architecture.js.`);
  },
);

const ownRepository = importRule("a repository is imported from its own folder only", ({ path, target, report }) => {
  if (isTest(path) || path === "server/queries.ts" || target === null || !target.endsWith(".repository.ts")) return;
  if (dirname(target) !== dirname(path)) report(`${target} belongs to its folder: call that noun's service.`);
});

const thinResolver = importRule("resolvers call services and reads", ({ path, target, report }) => {
  if (!path.endsWith(".resolver.ts") || target === null) return;
  if (target.endsWith(".repository.ts") || target.startsWith("server/graph/")) {
    report(`A resolver calls a service or a read, never ${target}.`);
  }
});

/** Files of ours that bring GraphQL along stand after these on the arrow; this is about packages. */
const graphqlFree = importRule("services, repositories and queries know no GraphQL", (file) => {
  const { path, specifier, target, report } = file;
  if (target !== null || !/\.(service|repository|query)\.ts$/.test(path) || !GRAPHQL_PACKAGE.test(specifier)) return;
  report(`Jobs, seeds and webhooks use this without GraphQL: leave ${specifier} to resolvers and types.`);
});

const packageHome = importRule("some packages have one home", ({ path, specifier, target, report }) => {
  if (isTest(path) || target !== null) return;
  for (const [name, homes, said] of PACKAGE_HOMES) {
    if (name.test(specifier) && !homes.some((home) => home.test(path))) report(`${specifier} is for ${said} only.`);
  }
});

const readOnlyReads = importRule("a read never writes", ({ path, target, report }) => {
  if (!path.startsWith("server/reads/") || isTest(path) || target === null) return;
  if (/^server\/domains\/.*\.service\.ts$/.test(target)) report(`A read imports no domain service (${target}).`);
});

const processEnvHomes = /^(server\/config\.ts|test\/kit\/env\.ts)$/;

/** `process.env` in any spelling; a whole `process` handed around would be the next one, so destructuring it counts. */
const noProcessEnv = {
  meta: { type: "problem", docs: { description: "only server/config.ts reads the environment" }, schema: [] },
  create(context) {
    if (processEnvHomes.test(projectPath(context.filename))) return {};
    const report = (node) =>
      context.report({ node, message: "Only server/config.ts reads the environment: take a Config." });
    const isProcess = (node) =>
      (node?.type === "Identifier" && node.name === "process") ||
      (node?.type === "MemberExpression" && propertyName(node.property) === "process");
    const propertyName = (node) => (node.type === "Identifier" ? node.name : node.value);
    const takesEnv = (pattern) =>
      pattern.type === "ObjectPattern" &&
      pattern.properties.some((property) => property.type === "RestElement" || propertyName(property.key) === "env");
    return {
      MemberExpression: (node) => {
        if (isProcess(node.object) && propertyName(node.property) === "env") report(node);
      },
      VariableDeclarator: (node) => {
        if (isProcess(node.init) && takesEnv(node.id)) report(node);
      },
      ImportDeclaration: (node) => {
        if (!/^(node:)?process$/.test(node.source.value)) return;
        for (const each of node.specifiers) {
          const named = each.type === "ImportSpecifier" ? propertyName(each.imported) : "default";
          if (named === "env" || (named === "default" && each.local.name !== "process")) report(each);
        }
      },
    };
  },
};

const noBarrel = {
  meta: { type: "problem", docs: { description: "a thing is imported from the file that defines it" }, schema: [] },
  create(context) {
    return {
      Program: (node) => {
        if (/(^|\/)index\.[cm]?[jt]sx?$/.test(projectPath(context.filename))) {
          context.report({ node, message: "No index files: name the file for what it holds." });
        }
      },
      ExportAllDeclaration: (node) =>
        context.report({ node, message: "No `export *`: import from the defining file." }),
    };
  },
};

/** The linter takes the plugin from the default export. */
export default {
  meta: { name: "throughline" },
  rules: {
    arrow,
    "own-repository": ownRepository,
    "thin-resolver": thinResolver,
    "graphql-free": graphqlFree,
    "package-home": packageHome,
    "read-only-reads": readOnlyReads,
    "no-process-env": noProcessEnv,
    "no-barrel": noBarrel,
  },
};
