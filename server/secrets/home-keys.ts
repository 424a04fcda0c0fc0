import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { folderSecrets } from "./folder.js";
import { firstOf, type SecretsProvider } from "./secrets.js";

/** Where keys are: those of this home, behind a provider's that replicas share. */
export interface KeyPlaces {
  readonly home: string;
  readonly secrets?: SecretsProvider | undefined;
}

/** Keys as text, by name; null for those of before where there was no rotation. */
export type KeyTexts = Readonly<Record<string, string | null>>;

/** Under which name the key of before the rotation is kept: `token.previous.jwk`, `link-secret.previous`. */
export const previousName = (name: string): string => name.replace(/(\.[a-z]+)?$/, ".previous$1");

/** The folder of the keys that this home makes for itself; nobody else's to read. */
async function keysFolder(home: string): Promise<string> {
  const folder = join(home, "keys");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * The keys that hold now, and those of before: the provider's, where it has them, else this home's own, which are made on first use
 * and whenever they are missing, so that moving one to its previous name is a rotation.
 */
export async function readKeys(
  { home, secrets }: KeyPlaces,
  create: Readonly<Record<string, () => Promise<string>>>,
): Promise<KeyTexts> {
  const folder = await keysFolder(home);
  const own = folderSecrets(folder);
  const all = secrets === undefined ? own : firstOf(secrets, own);
  const read = async ([name, make]: [string, () => Promise<string>]): Promise<[string, string | null][]> => [
    [name, (await all.get(name)) ?? (await readOrCreate(join(folder, name), make))],
    [previousName(name), await all.get(previousName(name))],
  ];
  return Object.fromEntries((await Promise.all(Object.entries(create).map(read))).flat());
}

/** Two processes may come here at once: whoever links its file first wins, and both read the same. */
async function readOrCreate(path: string, create: () => Promise<string>): Promise<string> {
  const existing = await readFile(path, "utf8").catch(() => null);
  if (existing !== null) return existing;
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, await create(), { mode: 0o600, flag: "wx" });
  // `link` fails when the name is taken, and never shows half a file.
  await link(temporary, path).catch((error: NodeJS.ErrnoException) =>
    error.code === "EEXIST" ? undefined : Promise.reject(error),
  );
  await rm(temporary);
  return readFile(path, "utf8");
}
