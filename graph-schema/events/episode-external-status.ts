import { z } from "zod";
import { idOf } from "../documents/parts.js";
import { foreignId, httpAddress, slug, when } from "./parts.js";

export const EXTERNAL_STATUSES = [
  "uploaded",
  "scheduled",
  "public",
  "unlisted",
  "private",
  "blocked",
  "removed",
] as const;

/** What a platform says of an episode there. It never changes the episode's own status: publishing needs its approvals. */
export const episodeExternalStatus = z.strictObject({
  episode_id: idOf("Episode").describe("The episode."),
  platform: slug().describe("The platform that says so."),
  external_id: foreignId().optional().describe("The platform's own id of it."),
  status: z.enum(EXTERNAL_STATUSES).describe("What it is there."),
  url: httpAddress().optional().describe("Where it can be seen."),
  at: when().describe("Since when."),
});
