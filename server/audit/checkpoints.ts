import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Where checkpoints are kept outside the database: whoever can rewrite every entry there still can't rewrite these.
 * Keeps the newest of each tenant, as the text of its signed note.
 */
export interface CheckpointStore {
  read(tenantId: string): Promise<{ readonly note: string; readonly at: number } | null>;
  write(tenantId: string, note: string): Promise<void>;
  /** Keeps the newest in another place, as of a log that isn't the tenant's any more. Answers where. */
  setAside(tenantId: string): Promise<string>;
}

export const checkpointPath = (home: string, tenantId: string): string => join(home, "checkpoints", tenantId);

/** `checkpoints/<tenant>` of the home; a reader sees the old note or the new one, never half of one. */
export const homeCheckpoints = (home: string): CheckpointStore => ({
  async read(tenantId) {
    const path = checkpointPath(home, tenantId);
    try {
      const [note, { mtimeMs }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
      return { note, at: Math.round(mtimeMs) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  },
  async write(tenantId, note) {
    const path = checkpointPath(home, tenantId);
    await mkdir(join(home, "checkpoints"), { recursive: true, mode: 0o700 });
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
    await writeFile(temporary, note, { mode: 0o600, flag: "wx" });
    await rename(temporary, path);
  },
  async setAside(tenantId) {
    const path = checkpointPath(home, tenantId);
    // No tenant's id has a dot.
    const aside = `${path}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    await rename(path, aside);
    return aside;
  },
});

const PUBLISH_MS = 5_000;

/**
 * The same, and each note is also sent to an address (POST, text/plain), where this machine's owner can't reach it. Nobody waits
 * for that: while one is on its way only the newest behind it is kept, as a checkpoint covers all before it.
 */
export function publishedTo(
  store: CheckpointStore,
  url: string,
  failed: (tenantId: string, error: unknown) => void,
): CheckpointStore {
  const waiting = new Map<string, string | null>();
  async function send(tenantId: string, note: string): Promise<void> {
    waiting.set(tenantId, null);
    for (let next: string | null = note; next !== null; next = waiting.get(tenantId) ?? null) {
      waiting.set(tenantId, null);
      await post(url, next).catch((error: unknown) => failed(tenantId, error));
    }
    waiting.delete(tenantId);
  }
  return {
    read: (tenantId) => store.read(tenantId),
    setAside: (tenantId) => store.setAside(tenantId),
    async write(tenantId, note) {
      await store.write(tenantId, note);
      if (waiting.has(tenantId)) waiting.set(tenantId, note);
      else void send(tenantId, note);
    },
  };
}

async function post(url: string, note: string): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: note,
    signal: AbortSignal.timeout(PUBLISH_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the checkpoint's address answered ${answer.status}`);
}
