import { Button } from "@mantine/core";
import { useAnnounce } from "../../components/live-region.js";
import { badgesOf } from "../../components/node-badges.js";
import { toCsv } from "./csv.js";
import type { Merged } from "./use-lineage.js";

const nodeRows = (merged: Merged) =>
  toCsv(
    ["id", "label", "title", "state", "hops", "hidden neighbours", "recorded"],
    merged.nodes.map((node) => [
      node.id,
      node.label,
      node.title,
      badgesOf(node)
        .map((badge) => badge.text)
        .join(", "),
      merged.hops.get(node.id) ?? "",
      merged.hidden.get(node.id) ?? 0,
      node.validFrom,
    ]),
  );

function linkRows(merged: Merged): string {
  const titles = new Map(merged.nodes.map((node) => [node.id, node.title]));
  return toCsv(
    ["type", "from", "from title", "to", "to title", "valid from", "valid to", "by", "why"],
    merged.edges.map(({ type, from, to, validFrom, validTo, by, why }) => [
      type,
      from,
      titles.get(from) ?? "",
      to,
      titles.get(to) ?? "",
      validFrom,
      validTo,
      by,
      why,
    ]),
  );
}

interface Props {
  readonly merged: Merged;
  readonly rows: "nodes" | "links";
  /** In the file's name: what was looked at, when, and how much of it is in the file. */
  readonly name: string;
}

/** The rows on screen as a file: what the table says, no more and no less. */
export function Download({ merged, rows, name }: Props) {
  const announce = useAnnounce();
  const save = () => {
    const address = URL.createObjectURL(
      new Blob([rows === "nodes" ? nodeRows(merged) : linkRows(merged)], { type: "text/csv" }),
    );
    const link = document.createElement("a");
    link.href = address;
    link.download = `${name}-${rows}.csv`.replaceAll(/[^\w.-]+/g, "_");
    link.click();
    URL.revokeObjectURL(address);
    announce(`Saved ${rows === "nodes" ? merged.nodes.length : merged.edges.length} rows`);
  };
  return (
    <Button size="compact-xs" variant="subtle" onClick={save}>
      Download these as CSV
    </Button>
  );
}
