import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useAnnounce } from "../../components/live-region.js";
import { useMay } from "../../components/viewer.js";
import type { EdgeType, LineageDirection } from "../../gql/graphql.js";
import { SaveInvestigation } from "../investigations/save-investigation.js";
import { savePicture, printView } from "./picture.js";
import type { Shown } from "./use-shown.js";
import { formatView, type LineageView } from "./view-state.js";

interface Props {
  readonly view: LineageView;
  /** The instant that the answer speaks of. */
  readonly answered: string | null;
  readonly title: string;
  /** What the server exports whole; null where it can't. */
  readonly exported: {
    readonly id: string;
    readonly direction: LineageDirection;
    readonly depth: number;
    readonly edges: readonly EdgeType[] | null;
  } | null;
  readonly shown: Shown | null;
  /** How much is shown, for the picture's caption. */
  readonly words: string;
}

const FORMATS = [
  ["csv", "CSV", "a row for each link"],
  ["json", "JSON", "as the API answers"],
  ["prov-json", "PROV-JSON", "W3C provenance"],
  ["prov-jsonld", "PROV-JSONLD", "W3C provenance, linked data"],
  ["claimreview", "ClaimReview", "schema.org, for claims"],
] as const;

/** The address of the view as it is at an instant; null for whatever is when it is opened. */
function addressAt(view: LineageView, asOf: string | null): string {
  const { pathname, search } = window.location;
  const expression = new URLSearchParams(search).get("q");
  const kept = expression === null ? "" : `q=${encodeURIComponent(expression)}&`;
  return `${pathname}?${kept}${formatView({ ...view, asOf })}`;
}

/** Link, picture, print and data of exactly what is seen. */
export function ShareMenu({ view, answered, title, exported, shown, words }: Props) {
  const announce = useAnnounce();
  const mayKeep = useMay("view.write");
  const [saving, setSaving] = useState(false);
  const mayExport = useMay("export");
  const [copied, setCopied] = useState(false);
  const [busy, setBusy] = useState(false);
  const copy = async (asOf: string | null) => {
    const address = `${window.location.origin}${addressAt(view, asOf)}`;
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
      announce("Link copied");
      setTimeout(() => setCopied(false), 2_000);
    } catch {
      window.prompt("The browser doesn't let the page copy. The link is:", address);
    }
  };
  const caption = { title, words, asOf: answered ?? "" };
  const draw = async (how: "png" | "print") => {
    if (shown === null) return;
    setBusy(true);
    try {
      await (how === "png" ? savePicture(shown, caption) : printView(shown, caption));
      announce(how === "png" ? "Picture saved" : "Ready to print");
    } catch {
      announce("The picture couldn't be made. Fewer nodes at a time may help.");
    } finally {
      setBusy(false);
    }
  };
  const file = (format: string) => {
    if (exported === null) return "";
    const { id, direction, depth, edges } = exported;
    const parts = new URLSearchParams({ id, format, direction: direction.toLowerCase(), depth: String(depth) });
    if (answered !== null) parts.set("asOf", answered);
    if (edges !== null) parts.set("edgeTypes", edges.join(","));
    return `/export/lineage?${parts.toString()}`;
  };
  return (
    <>
      {saving && (
        <SaveInvestigation opened address={addressAt(view, answered)} title={title} onClose={() => setSaving(false)} />
      )}
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button size="xs" variant="default" loading={busy}>
            {copied ? "Copied" : "Share"}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Copy a link</Menu.Label>
          <Menu.Item disabled={answered === null} onClick={() => void copy(answered)}>
            <span className="menu-choice">Exactly this</span>
            <span className="menu-hint">this view at this instant, whatever changes later</span>
          </Menu.Item>
          <Menu.Item onClick={() => void copy(view.asOf)}>
            <span className="menu-choice">{view.asOf === null ? "Live" : "As in the address"}</span>
            <span className="menu-hint">
              {view.asOf === null
                ? "this view as it is when the link is opened"
                : "this view at the instant that is set"}
            </span>
          </Menu.Item>
          {mayKeep && (
            <Menu.Item onClick={() => setSaving(true)}>
              <span className="menu-choice">Save this view…</span>
              <span className="menu-hint">under a name, for yourself or the studio</span>
            </Menu.Item>
          )}
          <Menu.Divider />
          <Menu.Label>What is shown</Menu.Label>
          <Menu.Item disabled={shown === null} onClick={() => void draw("png")}>
            <span className="menu-choice">Picture (PNG)</span>
            <span className="menu-hint">the whole graph, with its instant</span>
          </Menu.Item>
          <Menu.Item disabled={shown === null} onClick={() => void draw("print")}>
            <span className="menu-choice">Print or save as PDF</span>
            <span className="menu-hint">picture and table on paper</span>
          </Menu.Item>
          {exported !== null && mayExport && (
            <>
              <Menu.Divider />
              <Menu.Label>All of it as data, whatever is folded away</Menu.Label>
              {FORMATS.map(([format, name, hint]) => (
                <Menu.Item key={format} component="a" href={file(format)} download disabled={answered === null}>
                  <span className="menu-choice">{name}</span>
                  <span className="menu-hint">{hint}</span>
                </Menu.Item>
              ))}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
