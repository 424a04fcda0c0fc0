import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";

/*
 * Rows like those of a file of claims checked against wiki revisions: two revisions of a page, one claim that the first
 * supports and the second refutes or says nothing of, another claim the other way round, and pages that come again.
 */

const ROWS_PER_CASE = 4;
const CASES_PER_PAGE = 2;
const PLACES = [
  "Aldermoor",
  "Brackwater",
  "Castlereach",
  "Dunmarrow",
  "Eastholme",
  "Farleigh",
  "Glenroth",
  "Harrowgate",
];

function* rowsOfCase(number: number): Generator<object> {
  const page = Math.floor(number / CASES_PER_PAGE);
  const place = PLACES[page % PLACES.length]!;
  const title = `${place} District Heating Works ${page} -LRB-utility-RRB-`;
  const homes = 1_000 + (number % 9_000);
  const evidence = [homes, homes + 250].map(
    (count, i) =>
      `As of ${i === 0 ? "March" : "October"} 2026, the ${place} works number ${number} supplies heat to ${count} homes through ${120 + (number % 50)} km of insulated pipe.`,
  );
  const claims = [
    `The ${place} works number ${number} heats fewer than ${homes + 100} homes.`,
    `More than ${homes + 100} homes get their heat from the ${place} works number ${number}.`,
  ];
  for (let i = 0; i < ROWS_PER_CASE; i++) {
    const claim = i % 2;
    const revision = Math.floor(i / 2);
    const agrees = claim === revision;
    yield {
      id: `bench-${number}-${i + 1}`,
      case_id: `bench-${number}`,
      claim: claims[claim],
      evidence: evidence[revision],
      label: agrees ? "SUPPORTS" : number % 5 === 0 ? "NEI" : "REFUTES",
      source_title: title,
      source_url: `https://wiki.example/w/index.php?oldid=${number * 2 + revision}`,
      revision_id: String(number * 2 + revision),
    };
  }
}

/** Writes about `count` rows, of the cases from `firstCase` on, and answers the number of rows and the next case. */
export async function writeRows(
  path: string,
  count: number,
  firstCase: number,
): Promise<{ rows: number; nextCase: number }> {
  const file = createWriteStream(path);
  const cases = Math.ceil(count / ROWS_PER_CASE);
  for (let i = 0; i < cases; i++) {
    const text = [...rowsOfCase(firstCase + i)].map((row) => `${JSON.stringify(row)}\n`).join("");
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await finished(file);
  return { rows: cases * ROWS_PER_CASE, nextCase: firstCase + cases };
}
