import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const alias = [
  // One graphql for all: its ESM and CommonJS builds are two realms to it.
  { find: /^graphql$/, replacement: "graphql/index.js" },
];

/** Tests wait for the database more than for the processor: of two cores the default would use one. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/** A project per suite. Unit tests stand beside their code and need no database; the others are in test/<suite>/. */
const suite = (name: string, settings: object) => ({
  resolve: { alias },
  oxc: { decorator: { legacy: true } },
  test: { name, environment: "node" as const, passWithNoTests: true, maxWorkers, ...settings },
});

const database = { globalSetup: ["test/kit/global-setup.ts"], testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      suite("unit", {
        include: [
          "{graph-schema,server,jobs,migrations,seed,ui}/**/*.test.{ts,tsx}",
          "test/{lint,contracts}/*.test.ts",
        ],
        testTimeout: 60_000,
      }),
      suite("integration", { include: ["test/integration/**/*.test.ts"], ...database }),
      suite("security", { include: ["test/security/**/*.test.ts"], ...database }),
      suite("hostile", { include: ["test/hostile/**/*.test.ts"], ...database }),
      suite("load", { include: ["test/load/**/*.test.ts"], ...database }),
      suite("e2e", { include: ["test/e2e/**/*.e2e.ts"], ...database, testTimeout: 90_000, fileParallelism: false }),
      suite("faults", {
        include: ["test/faults/**/*.test.ts"],
        testTimeout: 300_000,
        hookTimeout: 300_000,
        fileParallelism: false,
      }),
    ],
  },
});
