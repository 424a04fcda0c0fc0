import { toClaimReview, type ReviewOffice } from "./claimreview.js";
import { toCsv } from "./csv.js";
import { toJson } from "./json.js";
import { toProvJson } from "./prov-json.js";
import { toProvJsonld } from "./prov-jsonld.js";
import type { WholeLineage } from "./whole-lineage.js";

interface Format {
  readonly mediaType: string;
  /** Of a file's name. */
  readonly ending: string;
  /** Whether it tells of more than the lineage. What holds now is then told for now: of the rest nothing says since when it has. */
  readonly beyond?: boolean;
  /** May still refuse; what it answers is written piece by piece. */
  write(lineage: WholeLineage, office: ReviewOffice): Promise<AsyncGenerator<string>> | AsyncGenerator<string>;
}

export const FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8; header=present", ending: "csv", write: toCsv },
  json: { mediaType: "application/json; charset=utf-8", ending: "json", write: toJson },
  "prov-json": { mediaType: "application/json; charset=utf-8", ending: "prov.json", write: toProvJson },
  "prov-jsonld": { mediaType: "application/ld+json; charset=utf-8", ending: "prov.jsonld", write: toProvJsonld },
  claimreview: {
    mediaType: "application/ld+json; charset=utf-8",
    ending: "claimreview.jsonld",
    beyond: true,
    write: toClaimReview,
  },
} as const satisfies Record<string, Format>;

export const EXPORT_FORMATS = Object.keys(FORMATS) as (keyof typeof FORMATS)[];
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export const formatOf = (name: ExportFormat): Format => FORMATS[name];

/** The same text in pieces of some 64 kB: a network packet for each edge would cost more than the edge. */
export async function* inPieces(text: AsyncGenerator<string>): AsyncGenerator<string> {
  let piece = "";
  for await (const part of text) {
    piece += part;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
