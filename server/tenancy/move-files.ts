import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** The exports of moves under way, on their way through this home: none outlives its move. */
export interface MoveFiles {
  /** Where the exports of a tenant's moves lie, a file for each go. */
  folder(tenantId: string): string;
  /** Whose there are, and since when. */
  tenants(): Promise<{ readonly id: string; readonly at: number }[]>;
  drop(tenantId: string): Promise<void>;
}

const ifThere =
  <T>(otherwise: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  };

/** `moves/<tenant>/` of the home. */
export function homeMoves(home: string): MoveFiles {
  const folder = (tenantId: string): string => join(home, "moves", tenantId);
  return {
    folder,
    async tenants() {
      const ids = await readdir(join(home, "moves")).catch(ifThere([]));
      const found = await Promise.all(ids.map((id) => stat(folder(id)).catch(ifThere(null))));
      return ids.flatMap((id, i) => (found[i] == null ? [] : [{ id, at: found[i].mtimeMs }]));
    },
    drop: (tenantId) => rm(folder(tenantId), { recursive: true, force: true }),
  };
}
