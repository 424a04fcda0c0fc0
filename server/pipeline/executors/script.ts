import type { z } from "zod";
import { episode as episodeDocument, type EpisodeDocument } from "../../../graph-schema/documents/episode.js";
import type { Research } from "../../../graph-schema/documents/research.js";
import { toProblems } from "../../commands/input.js";
import { defineExecutor, StageFailure, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { checkEpisode, tell } from "./check-episode.js";
import { checkScript } from "./check-script.js";
import { metadataOf } from "./metadata.js";
import { wordsIn } from "./scenes.js";
import type { Script } from "./stage-documents.js";
import { templateText, type EpisodeTemplate } from "./template.js";

export interface ScriptInput {
  readonly episode: EpisodeDocument;
  readonly research: Research;
}

/** Writes what is said out of the scenes, word for word, and what a platform is told of it. */
export const embeddedScript = (templateOf: (channelId: string) => EpisodeTemplate): Executor =>
  defineExecutor({
    name: "script",
    version: "1.0.0",
    input: TASKS["script"]!.input as z.ZodType<ScriptInput>,
    output: DOCUMENTS_OF_STAGES.script,
    async run(_context, { episode, research }: ScriptInput) {
      refuseScenes(episode, research);
      const template = templateOf(episode.channel_id);
      const output = scriptOf(
        episode.title,
        episode.scenes.map(({ ordinal, narration }) => ({ scene: ordinal, text: narration })),
        metadataOf(episode, research, template),
      );
      const findings = checkScript(output, episode, research, templateText(template));
      if (findings.length > 0) throw new StageFailure("SCRIPT_REFUSED", tell(findings));
      return { output, provider: "embedded" };
    },
  }) as Executor;

export const scriptOf = (title: string, parts: Script["parts"], metadata: Script["metadata"]): Script => ({
  title,
  parts,
  words: parts.reduce((sum, { text }) => sum + wordsIn(text), 0),
  ...(metadata === undefined ? {} : { metadata }),
});

/** Nothing is written of scenes that aren't scenes, or that say what their evidence doesn't. */
export function refuseScenes(episode: EpisodeDocument, research: Research): void {
  const parsed = episodeDocument.safeParse(episode);
  if (!parsed.success) {
    const problems = toProblems(parsed.error).slice(0, 10);
    throw new StageFailure("SCENES_REFUSED", problems.map(({ path, message }) => `${path}: ${message}`).join("; "));
  }
  const findings = checkEpisode(episode, research);
  if (findings.length > 0) throw new StageFailure("SCENES_REFUSED", tell(findings));
}
