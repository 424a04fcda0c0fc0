import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { startedAt, terminate } from "./processes.js";

/**
 * Stands between us and the database. It holds the read end of a pipe whose write end only we have: when we are gone,
 * by whatever death, the pipe ends, and the watchdog ends the database. It has its own session, so that Ctrl-C in a
 * terminal reaches us alone and we stop things in order.
 *
 * Arguments: log file, seconds between SIGTERM and SIGKILL, a command to run afterwards (or empty), then the command.
 * It prints the process id of the command as its first line.
 */
const SCRIPT = `
log=$1; grace=$2; after=$3; shift 3
exec 3<&0
trap '' HUP INT
"$@" 3<&- </dev/null >"$log" 2>&1 &
child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM
echo "$child"
exec >/dev/null 2>&1
(
  trap - TERM
  while read -r _; do :; done <&3
  kill -TERM "$child"
  waited=0
  while [ "$waited" -lt "$grace" ] && kill -0 "$child"; do sleep 1; waited=$((waited + 1)); done
  kill -KILL "$child"
) &
watcher=$!
code=0
while :; do
  wait "$child"; code=$?
  kill -0 "$child" || break
done
kill "$watcher"
[ -z "$after" ] || sh -c "$after"
exit "$code"
`;

export interface Exit {
  readonly code: number | null;
  /** True when it ended because we asked it to. */
  readonly asked: boolean;
}

export interface Guarded {
  /** The guarded command's process. */
  readonly pid: number;
  readonly watchdogPid: number;
  readonly exited: Promise<Exit>;
  /** Ends it in order, by force when it takes longer than the grace time. Resolves when it is gone. */
  stop(): Promise<void>;
}

export interface GuardOptions {
  readonly command: readonly string[];
  readonly logFile: string;
  readonly graceSeconds: number;
  readonly cwd: string;
  /** Shell text that runs when the command is gone. */
  readonly after?: string;
}

export async function guard(options: GuardOptions): Promise<Guarded> {
  const child = spawn(
    "sh",
    [
      "-c",
      SCRIPT,
      "throughline-watchdog",
      options.logFile,
      String(options.graceSeconds),
      options.after ?? "",
      ...options.command,
    ],
    {
      cwd: options.cwd,
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    },
  );
  const exit = exitOf(child);
  // Writing to a pipe whose reader is gone must not take us down: the exit tells.
  child.stdin?.on("error", () => undefined);
  const pid = await firstLine(child, exit);
  const started = await startedAt(pid);
  let asked = false;
  const exited = exit.then(async (code): Promise<Exit> => {
    // The watchdog itself may have been killed; then what it guarded is still there.
    if (started !== undefined && (await startedAt(pid)) === started) await terminate(pid, options.graceSeconds * 1000);
    return { code, asked };
  });
  return {
    pid,
    watchdogPid: child.pid ?? 0,
    exited,
    stop: async () => {
      asked = true;
      child.stdin?.end();
      await exited;
    },
  };
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });

async function firstLine(child: ChildProcess, exit: Promise<number | null>): Promise<number> {
  const { stdout } = child;
  if (stdout === null) throw new Error("the watchdog has no output");
  const lines = createInterface({ input: stdout });
  const line = await Promise.race([
    new Promise<string>((resolve) => lines.once("line", resolve)),
    exit.then((code) => Promise.reject(new Error(`the watchdog ended at once with code ${code}`))),
  ]);
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 0) throw new Error(`the watchdog said ${line}`);
  return pid;
}
