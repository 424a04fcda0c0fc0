import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useAnnounce } from "../../components/live-region.js";
import { useMay } from "../../components/viewer.js";
import { SaveInvestigation } from "../investigations/save-investigation.js";
import { saveWholeLineage } from "./download.js";
import { EXPORT_FORMATS, exportAddress, exportNote, type ExportFormat } from "./export-address.js";
import { eyeNow } from "./eye.js";
import { savePicture, printView } from "./picture.js";
import type { Shown } from "./use-shown.js";
import { formatView, type LineageView } from "./view-state.js";

interface Props {
  readonly view: LineageView;
  /** The instant that the answer speaks of. */
  readonly answered: string | null;
  readonly title: string;
  /** The node whose lineage the server exports whole; null where it isn't one. */
  readonly exported: string | null;
  readonly shown: Shown | null;
  /** How much is shown, for the picture's caption. */
  readonly words: string;
}

/** The address of the view as it is at an instant; null for whatever is when it is opened. */
function addressAt(view: LineageView, asOf: string | null): string {
  const { pathname, search } = window.location;
  const expression = new URLSearchParams(search).get("q");
  const kept = expression === null ? "" : `q=${encodeURIComponent(expression)}&`;
  // Of an instant the graph is laid out the same again, so that it can be seen from the same place.
  const eye = asOf === null ? null : eyeNow();
  return `${pathname}?${kept}${formatView({ ...view, asOf, eye })}`;
}

/** Link, picture, print and data of exactly what is seen. */
export function ShareMenu({ view, answered, title, exported, shown, words }: Props) {
  const announce = useAnnounce();
  const mayKeep = useMay("view.write");
  const [saving, setSaving] = useState(false);
  const mayExport = useMay("export");
  const [copied, setCopied] = useState(false);
  const note = exportNote(view);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
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
  const saveWhole = async (format: ExportFormat) => {
    if (exported === null) return;
    setBusy(true);
    setProblem(null);
    const { done, words: told } = await saveWholeLineage(exportAddress(exported, { ...view, asOf: answered }, format));
    setBusy(false);
    if (!done) setProblem(told);
    announce(told);
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
              <Menu.Label>
                All of it as data, whatever is folded away
                {note !== null && <span className="menu-hint">{note}</span>}
              </Menu.Label>
              {EXPORT_FORMATS.map(({ format, label }) => (
                <Menu.Item key={format} disabled={answered === null} onClick={() => void saveWhole(format)}>
                  {label}
                </Menu.Item>
              ))}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {problem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
