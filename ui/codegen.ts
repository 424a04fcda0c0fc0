import type { CodegenConfig } from "@graphql-codegen/cli";

/** Types of every document in the page, from the committed contract; `ui/gql/` is made anew by each build. */
const config: CodegenConfig = {
  schema: "server/graphql/schema.graphql",
  documents: ["ui/**/*.{ts,tsx}", "!ui/gql/**"],
  generates: {
    "ui/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" } },
      config: {
        useTypeImports: true,
        emitLegacyCommonJSImports: false,
        importExtension: ".js",
        strictScalars: true,
        scalars: { DateTime: "string" },
        enumsAsTypes: true,
      },
    },
  },
};

export default config;
