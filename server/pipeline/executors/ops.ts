import type { z } from "zod";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import { recordDecision } from "../../domains/decision/decision.service.js";
import { propose } from "../../domains/proposal/proposal.service.js";
import { readSettings } from "../../reads/governance/governance.query.js";
import { defineExecutor, StageFailure, type Executor, type StageContext } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import { ffmpegFinder, type LookForFfmpeg } from "../ffmpeg.js";
import { lackOfDocuments, lackOfEpisode, PUBLISH_GATE, renderOutlook, tellLack, type Handed } from "./preflight.js";
import { readCited } from "./qa.js";
import type { Finding } from "./stage-documents.js";
import { short, type EpisodeTemplate } from "./template.js";
import { writeEpisode } from "./write-episode.js";

export type OpsInput = Pick<Handed, "episode" | "script" | "research" | "qa">;

/**
 * Brings an episode to its proposal: asks once more whether everything stands, puts the scenes on the graph, and proposes to
 * publish it. It publishes nothing: that is for whoever approves, and freezes the evidence pack.
 */
export const embeddedOps = (
  templateOf: (channelId: string) => EpisodeTemplate,
  ffmpeg: LookForFfmpeg = ffmpegFinder(null),
): Executor =>
  defineExecutor({
    name: "ops",
    version: "1.1.0",
    input: TASKS["ops"]!.input as z.ZodType<OpsInput>,
    output: DOCUMENTS_OF_STAGES.ops,
    async run(context: StageContext, input: OpsInput) {
      const { topicId, channelId, reader } = context;
      const cited = await readCited(reader, input.research);
      const { settings } = await readSettings(reader);
      const template = templateOf(input.episode.channel_id);
      const lacking = lackOfDocuments({ ...input, topicId, channelId, cited, template, settings });
      if (lacking.length > 0) throw new StageFailure("NOT_READY", tellLack(lacking));
      const { episodeId, produced } = await writeEpisode(context, input.episode, input.research, cited);
      const wrong = await withoutExempted(context, await lackOfEpisode(reader, parseNodeId(episodeId)!.id, input));
      const decisionId = await decide(context, input, episodeId, wrong.length === 0 ? null : tellLack(wrong));
      if (wrong.length > 0)
        throw new StageFailure(
          "NOT_READY",
          `${tellLack(wrong)} The draft is ${episodeId}: mend it, and resume the run.`,
        );
      const repairIds = await recordRepairs(context, input, episodeId);
      const { proposalId } = await context.execute(
        "proposal",
        propose,
        { action: "publishEpisode", subjectId: episodeId },
        `the run of “${short(input.research.topic.title, 200)}” is through: QA found nothing against it`,
      );
      return {
        output: {
          ...{ episode_id: episodeId, proposal_id: proposalId },
          render: renderOutlook(input.episode, episodeId, await ffmpeg()),
        },
        provider: "embedded",
        produced: [...produced, ...repairIds, decisionId],
      };
    },
  }) as Executor;

/** Without what the publish gate would hold up and an exemption lets through; everything else has no exceptions. */
async function withoutExempted(context: StageContext, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const held = findings.filter(({ code }) => code === PUBLISH_GATE);
  if (held.length === 0 || !(await context.isExempt(held.map(({ message }) => message)))) return findings;
  return findings.filter(({ code }) => code !== PUBLISH_GATE);
}

/** Repairs that leave a decision each; the stage's own document has them all. */
const MOST_REPAIRS = 50;

/** Leaves on the graph how each claim that a check found wrong was mended, with every try. */
async function recordRepairs(
  context: StageContext,
  { episode: { repairs = [] } }: OpsInput,
  episodeId: string,
): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, one] of repairs.slice(0, MOST_REPAIRS).entries()) {
    const tries = one.tries.map(({ how, worked, because }) => `${how} ${worked ? "worked" : "didn't"}: ${because}.`);
    const { decisionId } = await context.execute(`repair/${i + 1}`, recordDecision, {
      title: `What becomes of “${short(one.before, 400)}”?`,
      outcome: one.how,
      rationale: short(
        `Round ${one.round}, scene ${one.scene}: ${one.codes.join(", ")}. ${tries.join(" ")}${one.after === null || one.after === one.before ? "" : ` It says now: “${one.after}”`}`,
        15_000,
      ),
      aboutIds: [episodeId],
    });
    ids.push(decisionId);
  }
  return ids;
}

/** Leaves on the graph what was decided of the episode, and on what. */
async function decide(
  context: StageContext,
  { episode, research, script }: OpsInput,
  episodeId: string,
  against: string | null,
): Promise<string> {
  const claims = episode.scenes.reduce((sum, scene) => sum + scene.claims.length, 0);
  const looked = `${episode.scenes.length} scenes, ${claims} claims, ${research.sources.length} sources and ${script.words} words were looked at.`;
  const { decisionId } = await context.execute("decision", recordDecision, {
    title: `Is “${short(episode.title, 400)}” ready to be published?`,
    outcome: against === null ? "READY" : "NOT_READY",
    rationale:
      against === null ? `${looked} Nothing stands against proposing it.` : `${looked} ${short(against, 15_000)}`,
    aboutIds: [episodeId],
  });
  return decisionId;
}
