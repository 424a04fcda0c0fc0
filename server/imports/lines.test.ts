import { describe, expect, it } from "vitest";
import { MAX_LINE_BYTES, readLines, type Line } from "./lines.js";

async function read(text: string | Uint8Array, chunk = 7): Promise<Line[]> {
  const bytes = Buffer.from(text as string);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const lines: Line[] = [];
  for await (const line of readLines(chunks())) lines.push(line);
  return lines;
}
const texts = async (text: string | Uint8Array, chunk?: number) => (await read(text, chunk)).map((line) => line.text);

describe("lines of a stream", () => {
  it("are the same however the stream is cut", async () => {
    const text = 'one\r\ntwo\n\n  \nthree "é量😀"\nlast';
    for (let chunk = 1; chunk <= Buffer.byteLength(text); chunk++) {
      expect(await read(text, chunk), `chunks of ${chunk}`).toEqual([
        { number: 1, text: "one", problem: null },
        { number: 2, text: "two", problem: null },
        { number: 5, text: 'three "é量😀"', problem: null },
        { number: 6, text: "last", problem: null },
      ]);
    }
  });

  it("are none in nothing, and none in empty lines", async () => {
    expect(await texts("")).toEqual([]);
    expect(await texts("\n\r\n \n")).toEqual([]);
  });

  it("begin behind a byte order mark", async () => {
    expect(await texts("\uFEFFone\ntwo")).toEqual(["one", "two"]);
  });

  it("are told, not read, when they are no UTF-8 or too long, and the next one is read", async () => {
    const long = await read(`${"x".repeat(MAX_LINE_BYTES)}\n${"y".repeat(MAX_LINE_BYTES + 1)}\nnext\n`, 10_000);
    expect(long.map(({ number, text, problem }) => [number, text?.length ?? null, problem])).toEqual([
      [1, MAX_LINE_BYTES, null],
      [2, null, expect.stringContaining("longer than")],
      [3, 4, null],
    ]);
    const broken = await read(Buffer.concat([Buffer.from("a"), Buffer.from([0xc3, 0x28]), Buffer.from("\nb")]));
    expect(broken).toEqual([
      { number: 1, text: null, problem: "The line is no UTF-8." },
      { number: 2, text: "b", problem: null },
    ]);
  });

  it("aren't kept in memory when they are endless", async () => {
    const chunk = Buffer.alloc(1_000_000, "x");
    async function* chunks() {
      for (let i = 0; i < 200; i++) yield chunk;
    }
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const lines: Line[] = [];
    for await (const line of readLines(chunks())) lines.push(line);
    expect(lines).toMatchObject([{ number: 1, text: null }]);
    expect(process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before).toBeLessThan(50_000_000);
  });
});
