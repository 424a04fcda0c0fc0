import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useSearch } from "wouter";
import { useAnnounce } from "../../components/live-region.js";
import { badgesOf } from "../../components/node-badges.js";
import { toCsv } from "./csv.js";
import { EXPORT_FORMATS, exportAddress, exportNote, type ExportFormat } from "./export-address.js";
import type { Merged } from "./use-lineage.js";
import { parseView } from "./view-state.js";

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

/** The browser fetches what it saves a moment later; so long the address must lead there. */
const KEEP_MS = 60_000;

export function saveAs(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

interface Props {
  readonly merged: Merged;
  readonly rows: "nodes" | "links";
  /** In the file's name: what was looked at, when, and how much of it is in the file. */
  readonly name: string;
  /** The instant that the page answers for; without it the address says, or it is now. */
  readonly asOf?: string | undefined;
}

/** The nodes on screen as they are listed, and the whole lineage behind them as the server writes it. */
export function Download({ merged, rows, name, asOf }: Props) {
  const announce = useAnnounce();
  const view = parseView(new URLSearchParams(useSearch()));
  const note = exportNote(view);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const saveNodes = () => {
    const file = `${name}-nodes.csv`.replaceAll(/[^\w.-]+/g, "_");
    saveAs(file, new Blob([nodeRows(merged)], { type: "text/csv" }));
    announce(`Saved ${merged.nodes.length} rows`);
  };

  const saveWhole = async (format: ExportFormat) => {
    setBusy(true);
    setProblem(null);
    const { done, words } = await saveWholeLineage(
      exportAddress(merged.root, { ...view, asOf: asOf ?? view.asOf }, format),
    );
    setBusy(false);
    if (!done) setProblem(words);
    announce(words);
  };

  return (
    <>
      {rows === "nodes" && (
        <Button size="compact-xs" variant="subtle" onClick={saveNodes}>
          Download these as CSV
        </Button>
      )}
      {/* A selection and the ways between two nodes aren't one node's lineage. */}
      {merged.root !== "" && !window.location.search.includes("to=") && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" loading={busy}>
              Export all
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {note !== null && <Menu.Label>{note}</Menu.Label>}
            {EXPORT_FORMATS.map(({ format, label }) => (
              <Menu.Item key={format} onClick={() => void saveWhole(format)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}

/** Saves the file that the server writes; what was done, or why nothing was, in words. */
export async function saveWholeLineage(address: string): Promise<{ readonly done: boolean; readonly words: string }> {
  const told = await fetchWhole(address).catch(() => ({
    problem: "The server couldn't be reached; nothing was saved.",
  }));
  if ("problem" in told) return { done: false, words: told.problem };
  saveAs(told.name, told.content);
  return { done: true, words: `Saved ${told.nodes} nodes and ${told.edges} links as of ${told.asOf}` };
}

async function fetchWhole(address: string): Promise<
  | { readonly problem: string }
  | {
      readonly name: string;
      readonly content: Blob;
      readonly nodes: string;
      readonly edges: string;
      readonly asOf: string;
    }
> {
  const answer = await fetch(address);
  if (!answer.ok) {
    const told = (await answer.json().catch(() => null)) as { error?: { message?: unknown } } | null;
    return { problem: String(told?.error?.message ?? `The server answered ${answer.status}; nothing was saved.`) };
  }
  const header = (name: string) => answer.headers.get(name) ?? "";
  const name = /filename="([^"]+)"/.exec(header("content-disposition"))?.[1] ?? "lineage";
  const [nodes, edges, asOf] = ["nodes", "edges", "as-of"].map((told) => header(`x-throughline-${told}`));
  return { name, content: await answer.blob(), nodes: nodes!, edges: edges!, asOf: asOf! };
}
