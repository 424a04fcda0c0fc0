import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { CliError, EXIT } from "./exit.js";
import { upload, type Answer, type Counts } from "./import-upload.js";
import { print, progressLine, say } from "./output.js";
import { cliConfig } from "./project.js";
import { RefusedRows } from "./refused-rows.js";
import { readRowFile, type Part, type RowFile } from "./row-file.js";

export const importCommand = (): Command =>
  new Command("import").description("bring real input in").addCommand(claimsCommand());

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
      const [{ runningServer, withDatabase }, { apiToken }] = await Promise.all([
        import("./running.js"),
        import("./api-token.js"),
      ]);
      const run = await runningServer(config.home);
      const token = await withDatabase(config, (services) =>
        apiToken({ config, services, tenantId: options.tenant, roles: ["operator"], ttlSeconds: 6 * 3_600 }),
      );
      const total = await send({
        path,
        rows,
        token,
        url: `${run.url}/import/claims`,
        dryRun: options.dryRun === true,
        refusedFolder: join(config.home, "refused"),
      });
      print(`created ${total.created}, updated ${total.updated}, skipped ${total.skipped}, refused ${total.refused}`);
      if (total.read > 0 && total.refused === total.read) process.exitCode = EXIT.failed;
    });

interface Sending {
  readonly path: string;
  readonly rows: RowFile;
  readonly token: string;
  readonly url: string;
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
      const onAnswer = (answer: Answer): void | Promise<void> => take(answer, part, before, refused, line);
      total = add(before, await upload({ url, token: sending.token, key, path, part, onAnswer }));
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
): void | Promise<void> {
  if (answer.type === "progress") {
    const now = add(before, answer);
    line.show(
      `read ${now.read}: created ${now.created}, updated ${now.updated}, skipped ${now.skipped}, refused ${now.refused}`,
    );
  } else if (answer.type === "change") {
    print(`line ${part.firstLine + answer.line - 1}: ${answer.action} ${answer.detail}`);
  } else if (answer.type === "refused") {
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
