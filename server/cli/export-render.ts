import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Command } from "commander";
import { ulid } from "ulid";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { FOREVER } from "../../graph-schema/time.js";
import type { Services } from "../services.js";
import { CliError, usageError } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";
import { refused } from "./refused.js";
import { saveWhole } from "./save-whole.js";

interface Options {
  readonly tenant: string;
  readonly out: string;
  readonly clip?: string;
  readonly asOf?: string;
  readonly render?: boolean;
}

export const renderCommand = (): Command =>
  new Command("render")
    .description(
      "an episode's render plan as files: timeline, ffmpeg's arguments, subtitles; with --render the video too",
    )
    .argument("<episode>", "the episode, such as Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1")
    .requiredOption("--tenant <id>", "whose episode it is")
    .requiredOption("--out <folder>", "made when it isn't there; files of the same names are replaced")
    .option("--clip <file>", "where the recording is (default: the cut plan's file, in the folder)")
    .option("--as-of <instant>", "the recorded instant to answer for, such as 2026-11-21T09:00:00Z (default: now)")
    .option("--render", "start ffmpeg on the plan, and write episode.mp4")
    .action(async (episode: string, options: Options) => {
      const { withDatabase } = await import("./running.js");
      await withDatabase(cliConfig(), (services) => exportRender(services, episode, options));
    });

/** Writes the plan's files, whether or not anything can render them here. */
async function exportRender(services: Services, episode: string, options: Options): Promise<void> {
  const key = parseNodeId(episode);
  if (key?.label !== "Episode")
    throw usageError(`${episode} isn't the id of an episode, which looks like Episode:01JD3Z5X9QW8R7T6Y5V4N3M2K1`);
  const asOf = options.asOf === undefined ? FOREVER - 1 : Date.parse(options.asOf);
  if (Number.isNaN(asOf)) throw usageError(`--as-of ${options.asOf} is no instant, such as 2026-11-21T09:00:00Z`);
  const [{ readFinishedEpisode }, { compileRender }, { normaliseStored }, { SUBTITLES_FILE }, { readerOf }] =
    await Promise.all([
      import("../reads/render-plan/render-plan.query.js"),
      import("../reads/render-plan/compile.js"),
      import("../domains/post-production/normalise.js"),
      import("../reads/render-plan/ffmpeg-arguments.js"),
      import("../pipeline/office.js"),
    ]);
  const found = await readFinishedEpisode(readerOf(services.graph, options.tenant), key.id, asOf);
  if (found === null) throw new CliError(`There is no ${episode} in tenant ${options.tenant}.`);
  if (found.scenes.length === 0) throw new CliError(`${episode} has no scenes, so there is nothing to cut.`);
  const { settings, mends } = normaliseStored(found.settings);
  for (const { path, was, now, why } of mends)
    say(`setting ${path || "(all)"}: ${JSON.stringify(was)} is shown as ${JSON.stringify(now) ?? "nothing"}: ${why}`);
  if (found.cutPlanDropped) say("the cut plan that is saved isn't valid any more: highlights are cut instead");
  const { plan, webvtt, findings } = compileRender({
    ...{ ...found, settings, episodeId: episode },
    ...(options.clip === undefined ? {} : { clipPath: resolve(options.clip) }),
  });
  const timeline = `${JSON.stringify(plan, null, 2)}\n`;
  await note(services, options.tenant, episode, timeline);
  const folder = resolve(options.out);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new CliError(`${folder} can't be made (${(error as NodeJS.ErrnoException).code}).`);
  });
  const save = (name: string, text: string) => saveWhole(Readable.from([text]), join(folder, name));
  await save("timeline.json", timeline);
  await save("ffmpeg-arguments.json", `${JSON.stringify(plan.arguments, null, 2)}\n`);
  await save(SUBTITLES_FILE, webvtt);
  await save("subtitle-findings.json", `${JSON.stringify(findings, null, 2)}\n`);
  const how = plan.highlights ? "highlights, as nobody has cut" : "as it was cut";
  say(`${plan.cuts.length} cuts of ${plan.clip.file}, ${plan.duration_s} s (${how})`);
  say(`${plan.subtitles.length} subtitles, ${findings.length} findings`);
  const ffmpeg = await services.ffmpeg();
  if (!ffmpeg.found && options.render)
    throw new CliError(`${ffmpeg.said}: ${ffmpeg.remedy}. The plan is in ${folder}.`);
  say(ffmpeg.found ? ffmpeg.said : `${ffmpeg.said}: ${ffmpeg.remedy}`);
  if (ffmpeg.found && options.render) await render(ffmpeg.path, plan.arguments, folder);
  print(options.render ? join(folder, plan.output) : join(folder, "timeline.json"));
}

/** What leaves the studio stands in the audit before it does. */
async function note(services: Services, tenantId: string, episodeId: string, timeline: string): Promise<void> {
  const [{ exportRender: command }, { givenBy }, { ownCaller }] = await Promise.all([
    import("../domains/export/export.service.js"),
    import("../commands/own-operation.js"),
    import("./own-caller.js"),
  ]);
  const key = "cli.export-render";
  const own = { key, name: "Command line (export render)", kind: "SERVICE", roles: ["auditor"] } as const;
  const auditor = await ownCaller(services, { tenantId, ...own });
  const executed = await services.execute(givenBy("cli", command), auditor, {
    ...{ episodeId, planSha256: createHash("sha256").update(timeline).digest("hex") },
    ...{ operationId: `cli/render/${ulid()}`, reason: "export render" },
  });
  if (!executed.ok) throw refused(executed.problems);
}

/** Runs ffmpeg without a shell, in the folder of the plan's files; what it says is kept beside them. */
async function render(path: string, args: readonly string[], folder: string): Promise<void> {
  const lines: Buffer[] = [];
  const child = spawn(path, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.on("data", (chunk: Buffer) => lines.push(chunk));
  const code = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  const said = Buffer.concat(lines).toString("utf8");
  await writeFile(join(folder, "ffmpeg.log"), said);
  if (code !== 0)
    throw new CliError(
      `ffmpeg ended with ${code}: ${said.trim().split("\n").at(-1) ?? ""} (${join(folder, "ffmpeg.log")})`,
    );
}
