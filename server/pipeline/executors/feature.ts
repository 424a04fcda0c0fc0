import type { z } from "zod";
import { recordDecision } from "../../domains/decision/decision.service.js";
import { parseNodeId } from "../../../graph-schema/node-id.js";
import type { Reader } from "../../commands/judge.js";
import { PRESENT } from "../../reads/governance/governance.query.js";
import { nodesIn } from "../../reads/node/node.query.js";
import { defineExecutor, StageFailure, type Executor } from "../executor.js";
import { DOCUMENTS_OF_STAGES, TASKS } from "../tasks.js";
import type { Finding } from "./stage-documents.js";
import { short } from "./template.js";

/*
 * A change of the studio's own tools, as far as this installation has a part in it: it says what was asked, hands it on, holds the
 * answer against it, and leaves on the graph that it was released. Whoever builds it is outside.
 */

type Change = z.infer<typeof DOCUMENTS_OF_STAGES.change>;

const MOST_ABOUT = 100;
/** What a decision may be about. */
const DECIDED_ON: readonly string[] = ["Topic", "Source", "Claim", "Scene", "Episode", "Incident"];
const NODE = /\b[A-Z][A-Za-z]+:[0-9A-HJKMNP-TV-Z]{26}\b/g;

/** Those of the ids that are nothing which the studio has. */
async function absentOf(reader: Reader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = ids.flatMap((id) => parseNodeId(id) ?? []);
  const found = await nodesIn(reader, known, PRESENT);
  return new Set(ids.filter((id) => !found.has(id)));
}

export const featureSpec = (): Executor =>
  defineExecutor({
    name: "feature-spec",
    version: "1.1.0",
    input: TASKS["feature-spec"]!.input as z.ZodType<{ feature: string }>,
    output: DOCUMENTS_OF_STAGES.change,
    async run({ reader }, { feature }) {
      if (!/\p{L}/u.test(feature))
        throw new StageFailure(
          "NO_WORDS",
          'The run\'s input says no feature in words: start it with {"feature": "…"}.',
        );
      const [first = feature] = feature.trim().split(/\n|(?<=[.!?])\s/u);
      const about = [...new Set(feature.match(NODE) ?? [])].filter((id) => parseNodeId(id) !== null);
      const absent = await absentOf(reader, about.slice(0, MOST_ABOUT));
      if (absent.size > 0)
        throw new StageFailure(
          "NOT_FOUND",
          `The run's input \`feature\` names ${[...absent].join(", ")}, which the studio doesn't have: start a run that names what it has, or leave the id out.`,
        );
      const output: Change = {
        title: short(first.trim(), 300),
        summary: feature.trim(),
        about: about.slice(0, MOST_ABOUT),
        accepted: false,
      };
      return { output, provider: "embedded" };
    },
  }) as Executor;

/** Hands it on: this is what counts when whoever made it reports no more than that it is done. */
export const featureBuild = (): Executor =>
  defineExecutor({
    name: "feature-build",
    version: "1.0.0",
    input: TASKS["feature-build"]!.input as z.ZodType<{ spec: Change }>,
    output: DOCUMENTS_OF_STAGES.change,
    run: async (_context, { spec }) => ({ output: { ...spec, accepted: true }, provider: "embedded" }),
  }) as Executor;

/** What was made against what was asked for; `absent` are ids that either names and the studio doesn't have. */
export function judgeFeature(
  { spec, built }: { readonly spec: Change; readonly built: Change },
  absent: ReadonlySet<string>,
): { verdict: "PASS" | "REPAIR" | "BLOCK"; findings: Finding[] } {
  const gone = (from: string, { about }: Change, message: (id: string) => string, remedy: string): Finding[] =>
    about.flatMap((id, place) =>
      absent.has(id) ? [{ code: "NOT_FOUND", at: `${from}.about.${place}`, message: message(id), remedy }] : [],
    );
  // Whoever makes it can't mend what was asked for.
  const asked = gone(
    "spec",
    spec,
    (id) => `It was asked for ${id}, which the studio doesn't have.`,
    "Start a new run that asks for what the studio has.",
  );
  const findings = [
    ...asked,
    ...gone(
      "build",
      built,
      (id) => `What was made is said to be about ${id}, which the studio doesn't have.`,
      "Report it with the public id of what the studio has, such as Topic:…, or leave it out of `about`.",
    ),
  ];
  if (!built.accepted)
    findings.push({
      code: "NOT_ACCEPTED",
      at: "build",
      message: `Whoever made it doesn't call it done: ${short(built.summary, 1_000)}`,
      remedy: "Make what is missing, and report it with accepted: true.",
    });
  const missing = spec.about.filter((id) => !built.about.includes(id));
  if (missing.length > 0)
    findings.push({
      code: "NOT_ABOUT",
      at: missing.slice(0, 3).join(" "),
      message: `It was asked for ${spec.about.join(", ")}, and what was made isn't about ${missing.join(", ")}.`,
      remedy: "Make it for all that it was asked for, or ask for less in a new run.",
    });
  return { verdict: findings.length === 0 ? "PASS" : asked.length === 0 ? "REPAIR" : "BLOCK", findings };
}

export const featureCheck = (): Executor =>
  defineExecutor({
    name: "feature-check",
    version: "1.1.0",
    input: TASKS["feature-check"]!.input as z.ZodType<{ spec: Change; built: Change }>,
    output: DOCUMENTS_OF_STAGES.qa,
    async run({ reader }, given) {
      const absent = await absentOf(reader, [...given.spec.about, ...given.built.about]);
      return { output: judgeFeature(given, absent), provider: "embedded" };
    },
  }) as Executor;

export const featureRelease = (): Executor =>
  defineExecutor({
    name: "feature-release",
    version: "1.0.0",
    input: TASKS["feature-release"]!.input as z.ZodType<{ built: Change; checked: unknown }>,
    output: DOCUMENTS_OF_STAGES.change,
    async run(context, { built }) {
      const aboutIds = built.about.filter((id) => DECIDED_ON.includes(parseNodeId(id)?.label ?? ""));
      const produced: string[] = [];
      // A decision is about something of the graph; a change that names nothing there has its record in the run.
      if (aboutIds.length > 0) {
        const { decisionId } = await context.execute("decision", recordDecision, {
          title: `Released: ${short(built.title, 400)}`,
          outcome: "RELEASED",
          rationale: built.summary,
          aboutIds: aboutIds.slice(0, MOST_ABOUT),
        });
        produced.push(decisionId);
      }
      return { output: built, provider: "embedded", produced };
    },
  }) as Executor;
