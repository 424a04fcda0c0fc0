import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import type { Config } from "../config.js";
import { CliError, EXIT } from "./exit.js";
import { readDocument, type DocumentKind } from "./import-document.js";
import { upload, type Answer, type Counts } from "./import-upload.js";
import { print, progressLine, say } from "./output.js";
import { cliConfig } from "./project.js";
import { RefusedRows } from "./refused-rows.js";
import { PART_BYTES, readRowFile, type Part, type RowFile } from "./row-file.js";

export const importCommand = (): Command =>
  new Command("import")
    .description("bring real input in")
    .addCommand(claimsCommand())
    .addCommand(kpisCommand())
    .addCommand(documentCommand("page", "a page: its source, a snapshot of its text, and the facts quoted from it"))
    .addCommand(documentCommand("feed", "a feed (RSS, Atom, JSON Feed): a source and an excerpt per entry"));

const claimsCommand = (): Command =>
  new Command("claims")
    .description("claims with their evidence, as JSON Lines")
    .argument("<file>", "one JSON object per line: claim, evidence, label, source title, URL, revision")
    .requiredOption("--tenant <id>", "whose claims they are")
    .option("--dry-run", "change nothing; print what would change")
    .action(async (file: string, options: { tenant: string; dryRun?: true }) => {
      const path = resolve(file);
      const config = cliConfig();
      const rows = await readRowFile(path);
      const { url, token } = await door(config, options.tenant);
      conclude(
        await send({
          path,
          rows,
          token,
          url: new URL(`${url}/import/claims`),
          unit: "line",
          dryRun: options.dryRun === true,
          refusedFolder: join(config.home, "refused"),
        }),
      );
    });

const kpisCommand = (): Command =>
  new Command("kpis")
    .description("what was measured of episodes, day by day, as CSV")
    .argument(
      "<file>",
      "a header and rows: episode_id or video_id, date, impressions, views, ctr (0 to 1), avd_s, rpm, revenue, currency",
    )
    .requiredOption("--tenant <id>", "whose episodes they are")
    .option("--dry-run", "change nothing; print what would change")
    .action(async (file: string, options: { tenant: string; dryRun?: true }) => {
      const path = resolve(file);
      const config = cliConfig();
      const rows = await readRowFile(path, PART_BYTES, "csv");
      // The columns are named in the first part alone.
      if (rows.parts.length > 1)
        throw new CliError(
          `${path} has more than ${PART_BYTES / 1e6} MB; save it as several files, each with the header.`,
        );
      const { url, token } = await door(config, options.tenant);
      conclude(
        await send({
          path,
          rows,
          token,
          url: new URL(`${url}/import/kpis`),
          contentType: "text/csv",
          unit: "line",
          dryRun: options.dryRun === true,
          refusedFolder: join(config.home, "refused"),
        }),
      );
    });

const documentCommand = (kind: DocumentKind, said: string): Command =>
  new Command(kind)
    .description(said)
    .argument("<file-or-url>", "a file, or an http or https address that is read from here")
    .requiredOption("--tenant <id>", "whose evidence it is")
    .option("--url <address>", "where the file was read, when it doesn't say so itself")
    .option("--dry-run", "change nothing; print what would change")
    .action(async (given: string, options: { tenant: string; url?: string; dryRun?: true }) => {
      const config = cliConfig();
      const { url, token } = await door(config, options.tenant);
      const document = await readDocument(kind, given, config, options.url);
      try {
        const to = new URL(`${url}/import/${kind}`);
        to.searchParams.set("url", document.url);
        const { mtimeMs } = await stat(document.path);
        const part = { start: 0, end: document.size, firstLine: 1 };
        conclude(
          await send({
            path: document.path,
            rows: { sha256: document.sha256, size: document.size, modifiedMs: mtimeMs, parts: [part] },
            token,
            url: to,
            contentType: document.contentType,
            unit: kind === "page" ? null : "entry",
            dryRun: options.dryRun === true,
            refusedFolder: join(config.home, "refused"),
          }),
        );
      } finally {
        await document.dispose();
      }
    });

/** The server of this home, and a token of its operator. */
async function door(config: Config, tenantId: string): Promise<{ url: string; token: string }> {
  const [{ runningServer, withDatabase }, { apiToken }] = await Promise.all([
    import("./running.js"),
    import("./api-token.js"),
  ]);
  const run = await runningServer(config.home);
  const token = await withDatabase(config, (services) =>
    apiToken({ config, services, tenantId, roles: ["operator"], ttlSeconds: 6 * 3_600 }),
  );
  return { url: run.url, token };
}

function conclude(total: Counts): void {
  print(`created ${total.created}, updated ${total.updated}, skipped ${total.skipped}, refused ${total.refused}`);
  if (total.read > 0 && total.refused === total.read) process.exitCode = EXIT.failed;
}

interface Sending {
  readonly path: string;
  readonly rows: RowFile;
  readonly token: string;
  readonly url: URL;
  readonly contentType?: string;
  /** What a number counts; null where there is only one. */
  readonly unit: "line" | "entry" | null;
  readonly dryRun: boolean;
  readonly refusedFolder: string;
}

const NONE: Counts = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0 };

async function send(sending: Sending): Promise<Counts> {
  const { path, rows } = sending;
  const refused = new RefusedRows(sending.refusedFolder, path, rows.sha256);
  const line = progressLine();
  let total = NONE;
  try {
    for (const [index, part] of rows.parts.entries()) {
      const url = new URL(sending.url);
      if (sending.dryRun) url.searchParams.set("dry-run", "true");
      const key = rows.parts.length === 1 ? rows.sha256 : `${rows.sha256}/${index + 1}`;
      const before = total;
      const onAnswer = (answer: Answer): void | Promise<void> =>
        take(answer, part, before, refused, line, sending.unit);
      const { token, contentType } = sending;
      const type = contentType === undefined ? {} : { contentType };
      total = add(before, await upload({ url, token, key, path, part, ...type, onAnswer }));
    }
    await checkUnchanged(path, rows);
  } finally {
    line.end();
    const saved = await refused.close();
    if (saved !== undefined) say(`${rowsWere(refused.count)} refused and saved with the reasons in ${saved}`);
  }
  return total;
}

const rowsWere = (count: number): string => (count === 1 ? "1 row was" : `${count} rows were`);

function take(
  answer: Answer,
  part: Part,
  before: Counts,
  refused: RefusedRows,
  line: ReturnType<typeof progressLine>,
  unit: Sending["unit"],
): void | Promise<void> {
  if (answer.type === "progress") {
    const now = add(before, answer);
    line.show(
      `read ${now.read}: created ${now.created}, updated ${now.updated}, skipped ${now.skipped}, refused ${now.refused}`,
    );
  } else if (answer.type === "change") {
    const where = unit === null ? "" : `${unit} ${part.firstLine + answer.line - 1}: `;
    print(`${where}${answer.action} ${answer.detail}`);
  } else if (answer.type === "refused") {
    // Of a single document the reason is the answer; of many rows it stands in the file.
    if (unit === null) say(`refused: ${answer.problems.map(({ message }) => message).join(" ")}`);
    return refused.add({
      line: part.firstLine + answer.line - 1,
      id: answer.id,
      problems: answer.problems,
      row: answer.row,
    });
  }
  return undefined;
}

const add = (a: Counts, b: Counts): Counts => ({
  read: a.read + b.read,
  created: a.created + b.created,
  updated: a.updated + b.updated,
  skipped: a.skipped + b.skipped,
  refused: a.refused + b.refused,
});

/** The key of an import is the hash of its file, so a file that was written to in the meantime must not pass for it. */
async function checkUnchanged(path: string, rows: RowFile): Promise<void> {
  const now = await stat(path).catch(() => undefined);
  if (now?.size === rows.size && now.mtimeMs === rows.modifiedMs) return;
  throw new CliError(`${path} was changed while it was read; import it again once it is complete.`);
}
