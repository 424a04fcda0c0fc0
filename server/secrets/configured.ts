import type { Config, DatabaseConfig } from "../config.js";
import { folderSecrets } from "./folder.js";
import { firstOf, givenSecrets, type SecretsProvider } from "./secrets.js";

/** The secrets of this process: the mounted folder, if there is one, before the environment. */
export const configuredSecrets = ({ secrets }: Pick<Config, "secrets">): SecretsProvider =>
  firstOf(...(secrets.folder === null ? [] : [folderSecrets(secrets.folder)]), givenSecrets(secrets.given));

/** The database that the configuration names, with its password as it is whenever the driver wants it; null for one of our own. */
export function configuredDatabase(
  config: Pick<Config, "secrets" | "database">,
): (DatabaseConfig & { password(): Promise<string> }) | null {
  if (config.database === null) return null;
  const secrets = configuredSecrets(config);
  return { ...config.database, password: async () => (await secrets.get("neo4j-password")) ?? "" };
}
