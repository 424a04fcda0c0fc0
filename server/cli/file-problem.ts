import { CliError, EXIT, type ExitCode } from "./exit.js";

/** What the system may say of a file or folder: what it means, what to do, and what the shell is told. */
const PROBLEMS: Readonly<Record<string, readonly [said: string, remedy: string, exitCode: ExitCode]>> = {
  EACCES: ["this user may not read or write it", "give it the right to, or name another place", EXIT.usage],
  EPERM: ["this user may not do that to it", "give it the right to, or name another place", EXIT.usage],
  ENOENT: ["it isn't there", "look at how it is written", EXIT.usage],
  ENOTDIR: ["a part of its path is no folder", "look at how it is written", EXIT.usage],
  EISDIR: ["it is a folder", "name a file", EXIT.usage],
  ELOOP: ["its links lead in a circle", "name another place", EXIT.usage],
  ENAMETOOLONG: ["its name is too long", "take a shorter one", EXIT.usage],
  EROFS: ["it is on a disk that can only be read", "name another place, or mount it writable", EXIT.failed],
  ENOSPC: ["the disk is full", "make room and run this again", EXIT.failed],
  EDQUOT: ["this user's share of the disk is full", "make room and run this again", EXIT.failed],
  EMFILE: ["too many files are open", "raise the limit (ulimit -n) and run this again", EXIT.failed],
  EIO: ["the disk failed", "look at its health before you run this again", EXIT.failed],
};

/** A failed call of the file system in words for whoever gave the command; undefined for anything else. */
export function fileProblem(error: unknown): CliError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  // Our own errors have codes too, and their own words.
  if (typeof code !== "string" || typeof syscall !== "string" || !Object.hasOwn(PROBLEMS, code)) return undefined;
  const [said, remedy, exitCode] = PROBLEMS[code]!;
  const what = path === undefined ? "" : `${path} can't be used: `;
  return new CliError(`${what}${said} (${code}); ${remedy}.`, exitCode, { cause: error });
}
