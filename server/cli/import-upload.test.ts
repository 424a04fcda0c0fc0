import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "./exit.js";
import { upload, type Answer } from "./import-upload.js";

let folder: string;
let path: string;
let server: Server | undefined;
const CONTENT = `${'{"id":"1"}\n'.repeat(1_000)}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "upload-"));
  path = join(folder, "rows.jsonl");
  await writeFile(path, CONTENT);
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function listen(listener: RequestListener): Promise<URL> {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return new URL(`http://127.0.0.1:${address.port}/import/claims`);
}

const line = (answer: unknown): string => `${JSON.stringify(answer)}\n`;
const COUNTS = { read: 1_000, created: 600, updated: 100, skipped: 299, refused: 1 };

function send(url: URL, answers: Answer[] = []) {
  const part = { start: 0, end: CONTENT.length, firstLine: 1 };
  return upload({ url, token: "t", key: "k/1", path, part, onAnswer: (answer) => void answers.push(answer) });
}

describe("an upload", () => {
  it("sends the part with token and key, and hands on what the server says", async () => {
    let seen: { body: string; key: unknown; auth: unknown } | undefined;
    const url = await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        seen = {
          body: Buffer.concat(chunks).toString(),
          key: request.headers["idempotency-key"],
          auth: request.headers.authorization,
        };
        response.write(
          line({
            type: "refused",
            line: 3,
            id: null,
            row: "x",
            problems: [{ code: "BAD_INPUT", message: "m", path: "claim" }],
          }),
        );
        response.end(line({ type: "done", ...COUNTS, dryRun: false }));
      });
    });
    const answers: Answer[] = [];
    expect(await send(url, answers)).toMatchObject(COUNTS);
    expect(seen).toEqual({ body: CONTENT, key: "k/1", auth: "Bearer t" });
    expect(answers.map(({ type }) => type)).toEqual(["refused"]);
  });

  it("hears progress before everything is sent", async () => {
    const url = await listen((request, response) => {
      request.once("data", () => {
        request.pause();
        response.write(line({ type: "progress", ...COUNTS }));
        setTimeout(() => request.resume(), 100);
      });
      request.on("end", () => response.end(line({ type: "done", ...COUNTS, dryRun: false })));
    });
    const answers: Answer[] = [];
    await send(url, answers);
    expect(answers.map(({ type }) => type)).toEqual(["progress"]);
  });

  it("explains a server that goes away before it said done, and that running again is safe", async () => {
    const url = await listen((request, response) => {
      request.resume();
      request.on("end", () => {
        response.write(line({ type: "progress", ...COUNTS }));
        setTimeout(() => response.destroy(), 20);
      });
    });
    await expect(send(url)).rejects.toThrow(/went away in the middle.*nothing is done twice/);
  });

  it("explains an answer that merely ends", async () => {
    const url = await listen((request, response) => {
      request.resume();
      response.end(line({ type: "progress", ...COUNTS }));
    });
    await expect(send(url)).rejects.toThrow(/went away in the middle/);
  });

  it("explains a server that isn't there", async () => {
    const url = await listen(() => undefined);
    server?.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(send(url)).rejects.toThrow(/The server went away \(.*ECONNREFUSED/);
  });

  it("repeats the server's own words when it refuses, with the exit code of a refusal", async () => {
    const url = await listen((_request, response) => {
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code: "FORBIDDEN", message: "Needs the capability import." } }));
    });
    await expect(send(url)).rejects.toMatchObject({ message: "Needs the capability import.", exitCode: EXIT.refused });
  });

  it("says when the server stopped in the middle by its own account", async () => {
    const url = await listen((request, response) => {
      request.resume();
      request.on("end", () =>
        response.end(line({ type: "failed", code: "UNAVAILABLE", message: "The database is gone." })),
      );
    });
    await expect(send(url)).rejects.toThrow(
      /stopped \(UNAVAILABLE\): The database is gone\. Run the same command again/,
    );
  });
});
