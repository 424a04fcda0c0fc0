import { Command } from "commander";
import type { Finding } from "./doctor-checks.js";
import { EXIT } from "./exit.js";
import { print, say } from "./output.js";
import { cliConfig } from "./project.js";

const MARK = { ok: "ok     ", note: "note   ", problem: "PROBLEM" } as const;

export const doctorCommand = (): Command =>
  new Command("doctor").description("what is wrong, with the remedy").action(async () => {
    const config = cliConfig();
    const { examine } = await import("./doctor-checks.js");
    let problems = 0;
    for await (const finding of examine(config)) {
      print(line(finding));
      if (finding.state === "problem") problems += 1;
    }
    if (problems === 0) {
      say("nothing is wrong");
      return;
    }
    say(`${problems} ${problems === 1 ? "problem" : "problems"}`);
    process.exitCode = EXIT.failed;
  });

const line = ({ state, text, remedy }: Finding): string =>
  `${MARK[state]} ${text}${remedy === undefined ? "" : ` -> ${remedy}`}`;
