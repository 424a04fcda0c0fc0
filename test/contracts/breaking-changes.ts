import { execFileSync } from "node:child_process";
import { buildSchema, findBreakingChanges } from "graphql";

/**
 * What breaks clients between two texts of the schema, without any of these decision records saying so. A record announces
 * a change by quoting its description word for word.
 */
export function unannounced(before: string, after: string, records: readonly string[]): string[] {
  return findBreakingChanges(buildSchema(before), buildSchema(after))
    .map((change) => change.description)
    .filter((description) => !records.some((record) => record.includes(description)));
}

const git = (project: string, ...args: string[]): string =>
  execFileSync("git", ["-C", project, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

const tryGit = (project: string, ...args: string[]): string | null => {
  try {
    return git(project, ...args);
  } catch {
    return null;
  }
};

/**
 * The commit of main that this work starts from. On main itself it is the one before, so that a change that reached main
 * unseen is found there. Null outside a git checkout and in a history of one commit.
 */
export function baseOf(project: string): string | null {
  const head = tryGit(project, "rev-parse", "HEAD");
  const main = ["origin/main", "main"].find((name) => tryGit(project, "rev-parse", "--verify", name) !== null);
  if (head === null || main === undefined) return null;
  const base = tryGit(project, "merge-base", "HEAD", main);
  return base === head ? tryGit(project, "rev-parse", "--verify", "HEAD^1") : base;
}

/** The text of a file as it was then; null when it wasn't there. */
export const fileAt = (project: string, commit: string, path: string): string | null =>
  tryGit(project, "show", `${commit}:${path}`);

export const filesAt = (project: string, commit: string, folder: string): string[] =>
  (tryGit(project, "ls-tree", "--name-only", commit, `${folder}/`) ?? "").split("\n").filter((name) => name !== "");
