/** The cells of one line of CSV (RFC 4180): quoted cells may hold commas, and quotes that are doubled. A line is a row here. */
export function csvCells(line: string): { readonly cells: readonly string[] } | { readonly problem: string } {
  const cells: string[] = [];
  for (let at = 0; ;) {
    if (line[at] === '"') {
      let cell = "";
      let end = line.indexOf('"', at + 1);
      let from = at + 1;
      while (end !== -1 && line[end + 1] === '"') {
        cell += line.slice(from, end + 1);
        from = end + 2;
        end = line.indexOf('"', from);
      }
      if (end === -1)
        return { problem: "A quoted cell isn't closed on its line: close it, or take its line ends out." };
      cells.push(cell + line.slice(from, end));
      at = end + 1;
      if (at < line.length && line[at] !== ",")
        return {
          problem: `There is more behind the quoted cell ${cells.length}: double the quotes that belong to it.`,
        };
    } else {
      const end = line.indexOf(",", at);
      cells.push(line.slice(at, end === -1 ? line.length : end).trim());
      at = end === -1 ? line.length : end;
    }
    if (at >= line.length) return { cells };
    at += 1;
  }
}
