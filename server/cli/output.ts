/** A result, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A message or progress, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A reader that went away, such as `| head`, isn't a failure of ours. */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}

/** Progress that rewrites its line at a terminal, and elsewhere says something now and then. */
export function progressLine(everyMs = 5_000): { show(text: string): void; end(): void } {
  const terminal = process.stderr.isTTY;
  let last = terminal ? 0 : Date.now();
  let open = false;
  return {
    show(text) {
      const now = Date.now();
      if (now - last < (terminal ? 100 : everyMs)) return;
      last = now;
      if (terminal) process.stderr.write(`\r\u001b[K${text}`);
      else say(text);
      open = terminal;
    },
    end() {
      if (open) process.stderr.write("\r\u001b[K");
      open = false;
    },
  };
}
