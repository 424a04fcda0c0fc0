import { z } from "zod";

/* What a channel holds its episodes to, beyond what every episode is held to. */

const phrase = z
  .string()
  .trim()
  .min(2, "must have at least 2 characters")
  .max(100, "must be at most 100 characters")
  .refine((value) => /[\p{L}\p{N}]/u.test(value), "must have a letter or a digit");

export const qaRules = z.strictObject({
  /** Words and phrases that nobody may say: whole words, whatever their case. */
  banned: z.array(phrase).max(200, "must be at most 200 phrases"),
  /** Longest scene, in seconds; null for no limit. */
  mostSceneSeconds: z
    .number("must be a number of seconds")
    .min(5, "must be from 5 to 3600 seconds")
    .max(3_600, "must be from 5 to 3600 seconds")
    .nullable(),
  leastScenes: z
    .int("must be a whole number")
    .min(1, "must be from 1 to 100")
    .max(100, "must be from 1 to 100")
    .nullable(),
  /** Sources that the episode's claims stand on, at least. */
  leastSources: z
    .int("must be a whole number")
    .min(1, "must be from 1 to 50")
    .max(50, "must be from 1 to 50")
    .nullable(),
  /** Longest script, in words. */
  mostWords: z
    .int("must be a whole number")
    .min(10, "must be from 10 to 100000")
    .max(100_000, "must be from 10 to 100000")
    .nullable(),
});
export type QaRules = z.infer<typeof qaRules>;

export const NO_RULES: QaRules = {
  banned: [],
  mostSceneSeconds: null,
  leastScenes: null,
  leastSources: null,
  mostWords: null,
};
