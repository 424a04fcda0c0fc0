import { z } from "zod";
import { CliError } from "../../server/cli/exit.js";
import { VERDICTS } from "../../server/trace/model.js";

export interface Row {
  readonly claim: string;
  readonly evidence: string;
  readonly title: string;
  readonly label: (typeof VERDICTS)[number];
  readonly page: string;
  /** Rows with the same claim of the same case. */
  readonly group: string;
}

const shape = z.object({
  case_id: z.string().default(""),
  claim: z.string(),
  evidence: z.string(),
  label: z.enum(VERDICTS),
  source_title: z.string(),
});

export function labelledRows(text: string, file: string): Row[] {
  const rows = text
    .trimEnd()
    .split("\n")
    .map((line, i): Row => {
      const parsed = shape.safeParse(parse(line));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new CliError(`Line ${i + 1} of ${file}: ${issue!.path.join(".")} ${issue!.message}`);
      }
      const { case_id: caseId, claim, evidence, label, source_title: title } = parsed.data;
      return { claim, evidence, title, label, page: title, group: `${caseId} ${claim}` };
    });
  return rows;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
