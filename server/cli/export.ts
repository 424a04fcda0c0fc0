import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { parseNodeId } from "../../graph-schema/node-id.js";
import { errno } from "../graph/embedded/problem.js";
import { CliError, EXIT, usageError } from "./exit.js";
import { packCommand } from "./export-pack.js";
import { renderCommand } from "./export-render.js";
import { say } from "./output.js";
import { cliConfig } from "./project.js";
import { saveWhole } from "./save-whole.js";

/** As server/exports/formats.ts has them, which would bring the server along. */
const FORMATS = ["csv", "json", "prov-json", "prov-jsonld", "claimreview"];
const DIRECTIONS = ["upstream", "downstream", "both"];

export const exportCommand = (): Command =>
  new Command("export")
    .description("take a part of the graph along, in a standard format")
    .addCommand(lineageCommand())
    .addCommand(packCommand())
    .addCommand(renderCommand());

interface Options {
  readonly tenant: string;
  readonly format: string;
  readonly direction: string;
  readonly depth: number;
  readonly asOf?: string;
  readonly out?: string;
}

const lineageCommand = (): Command =>
  new Command("lineage")
    .description("what a node stands on, or what stands on it, as a file; stands in the audit")
    .argument("<id>", "the node to start from, such as Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1")
    .requiredOption("--tenant <id>", "whose graph it is")
    .addOption(new Option("--format <format>", "what to write").choices(FORMATS).makeOptionMandatory())
    .addOption(new Option("--direction <direction>", "which way to go").choices(DIRECTIONS).default("upstream"))
    .option("--depth <hops>", "hops, 1 to 12", parseDepth, 1)
    .option("--as-of <instant>", "the recorded instant to answer for (default: the newest that this answer holds for)")
    .option("--out <file>", "written whole or not at all; replaces what is there (default: standard output)")
    .action(async (id: string, options: Options) => {
      if (parseNodeId(id) === null)
        throw usageError(`${id} isn't the id of a node, which looks like Claim:01JD3Z5X9QW8R7T6Y5V4N3M2K1`);
      const config = cliConfig();
      const [{ runningServer, withDatabase }, { apiToken }] = await Promise.all([
        import("./running.js"),
        import("./api-token.js"),
      ]);
      const run = await runningServer(config.home);
      const token = await withDatabase(config, (services) =>
        apiToken({ config, services, tenantId: options.tenant, roles: ["analyst"], ttlSeconds: 3_600 }),
      );
      await save(await ask(run.url, token, id, options), options.out);
    });

function parseDepth(given: string): number {
  const depth = Number(given);
  if (!Number.isSafeInteger(depth) || depth < 1 || depth > 12)
    throw new InvalidArgumentError("Expected a whole number from 1 to 12.");
  return depth;
}

async function ask(server: string, token: string, id: string, options: Options): Promise<Response> {
  const url = new URL("/export/lineage", server);
  const { format, direction, depth, asOf } = options;
  const asked = { id, format, direction, depth: String(depth), ...(asOf === undefined ? {} : { asOf }) };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch((error: unknown) => {
    throw new CliError(`The server went away. Nothing was written; try again.`, EXIT.failed, { cause: error });
  });
  if (answer.status !== 200 || answer.body === null) throw await refusal(answer);
  return answer;
}

const errorShape = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().nullish() }),
});

async function refusal(answer: Response): Promise<CliError> {
  const text = await answer.text();
  const parsed = errorShape.safeParse(parseJson(text));
  if (!parsed.success) return new CliError(`The server answered ${answer.status}: ${text.slice(0, 300)}`);
  const { code, message, field } = parsed.data.error;
  if (code === "FORBIDDEN") return new CliError(message, EXIT.refused);
  // What names no field isn't said wrongly, it is only more than there may be.
  if (code === "BAD_INPUT" && field != null) return usageError(message);
  return new CliError(message);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function save(answer: Response, out: string | undefined): Promise<void> {
  const body = Readable.fromWeb(answer.body as ReadableStream);
  try {
    if (out === undefined) await pipeline(body, process.stdout, { end: false });
    else await saveWhole(body, resolve(out));
  } catch (error) {
    if (error instanceof CliError || errno(error) !== undefined) throw error;
    const left = out === undefined ? "What was printed isn't whole" : "Nothing was written";
    throw new CliError(`The server went away in the middle. ${left}; try again.`, EXIT.failed, { cause: error });
  }
  const header = (name: string) => answer.headers.get(`x-throughline-${name}`) ?? "?";
  const settled =
    header("settled") === "true"
      ? "settled"
      : "not settled yet: what is being written just now may still change the answer for that instant";
  say(`exported ${header("nodes")} nodes and ${header("edges")} edges as of ${header("as-of")} (${settled})`);
}
