/** A reader of RFC 4180, by its grammar and nothing else: what isn't of it throws. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      row.push(text[at] === '"' ? quoted() : plain());
      if (text[at] !== ",") break;
      at++;
    }
    if (text.slice(at, at + 2) !== "\r\n") throw new Error(`no end of line at ${at}: ${text.slice(at, at + 20)}`);
    at += 2;
    rows.push(row);
  }
  return rows;

  function plain(): string {
    const [found = ""] = /^[^",\r\n]*/.exec(text.slice(at)) ?? [];
    at += found.length;
    return found;
  }
  function quoted(): string {
    let cell = "";
    for (at++; ; at++) {
      if (at >= text.length) throw new Error("a quote that never ends");
      if (text[at] !== '"') cell += text[at];
      else if (text[at + 1] === '"') cell += text[at++];
      else break;
    }
    at++;
    return cell;
  }
}
