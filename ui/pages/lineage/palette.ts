import { EDGE_FACES, type EdgeStyle } from "../../components/edge-types.js";
import { LABEL_FACES } from "../../components/node-label.js";
import type { NodeLabel } from "../../gql/graphql.js";
import type { Mark } from "./marks.js";
import type { Palette } from "./paint.js";

const STYLES = [...new Set(Object.values(EDGE_FACES).map(({ style }) => style))] as EdgeStyle[];
const MARK_NAMES: readonly Mark[] = ["way", "added", "removed", "changed"];

/** The colours of the scheme that is in use, as plain values. */
export function readPalette(frame: HTMLElement): Palette {
  const probe = document.createElement("span");
  frame.append(probe);
  const read = (property: string, label?: NodeLabel): string => {
    if (label !== undefined) probe.dataset.label = label;
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
  };
  const labels = new Map((Object.keys(LABEL_FACES) as NodeLabel[]).map((label) => [label, read("--hue", label)]));
  const edges = new Map(STYLES.map((style) => [style, read(`--edge-${style}`)]));
  const marks = new Map(MARK_NAMES.map((mark) => [mark, read(`--mark-${mark}`)]));
  const palette = {
    label: (label: NodeLabel) => labels.get(label) ?? "grey",
    edge: (style: EdgeStyle) => edges.get(style) ?? "grey",
    mark: (mark: Mark) => marks.get(mark) ?? "grey",
    surface: read("--surface"),
    line: read("--line"),
    ink: read("--ink"),
    focus: read("--focus"),
    bad: read("--edge-contradiction"),
    warn: read("--mark-changed"),
    font: getComputedStyle(frame).fontFamily,
  };
  probe.remove();
  return palette;
}
