import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../config.js";
import { readDocument } from "./import-document.js";

const config = (networks = "") => loadConfig({ THROUGHLINE_IMPORT_NETWORKS: networks }, "/nowhere");

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-document-"));
});
afterEach(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function listen(contentType: string, body: string): Promise<string> {
  server = createServer((_request, response) => response.writeHead(200, { "content-type": contentType }).end(body));
  await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
}

describe("what import page and import feed are given", () => {
  it("is a file, known by its own address or the one that is named", async () => {
    const path = join(folder, "a page.html");
    await writeFile(path, "<p>x");
    const document = await readDocument("page", path, config());
    const sha256 = createHash("sha256").update("<p>x").digest("hex");
    expect(document).toMatchObject({ path, sha256, size: 4, contentType: "text/html", url: pathToFileURL(path).href });
    expect(await readDocument("page", path, config(), "https://a.example/")).toMatchObject({
      url: "https://a.example/",
    });
    await writeFile(join(folder, "f.json"), "{}");
    expect(await readDocument("feed", join(folder, "f.json"), config())).toMatchObject({
      contentType: "application/feed+json",
    });
    await expect(readDocument("page", join(folder, "none"), config())).rejects.toThrow(/no file/);
    await expect(readDocument("page", folder, config())).rejects.toThrow(/plain file/);
    await writeFile(path, "");
    await expect(readDocument("page", path, config())).rejects.toThrow(/empty/);
    await writeFile(path, Buffer.alloc(10_000_001, "x"));
    await expect(readDocument("page", path, config())).rejects.toThrow(/10 MB.*nothing of it is stored/);
  });

  it("is an address, kept until it is sent, with the encoding that came with it", async () => {
    const url = await listen("text/html; charset=latin1", "<p>x");
    const document = await readDocument("page", url, config("127.0.0.1/32"));
    expect(document).toMatchObject({ url, contentType: "text/html; charset=latin1", size: 4 });
    expect(await readFile(document.path, "utf8")).toBe("<p>x");
    await document.dispose();
    await expect(stat(document.path)).rejects.toThrow(/ENOENT/);
  });

  it("into this machine's own network isn't read unless it is allowed", async () => {
    const url = await listen("text/html", "<p>x");
    await expect(readDocument("page", url, config())).rejects.toThrow(
      /wasn't imported: The address leads into a network that isn't public/,
    );
  });

  it("is a feed whatever it came as, by what it begins with", async () => {
    const xml = await readDocument("feed", await listen("text/plain; charset=utf-8", "<rss/>"), config("127.0.0.1/32"));
    expect(xml.contentType).toBe("application/xml; charset=utf-8");
    server!.close();
    const json = await readDocument("feed", await listen("text/html", " {}"), config("127.0.0.1/32"));
    expect(json.contentType).toBe("application/feed+json");
    server!.close();
    await expect(readDocument("page", await listen("application/pdf", "%PDF"), config("127.0.0.1/32"))).rejects.toThrow(
      /application\/pdf/,
    );
  });
});
