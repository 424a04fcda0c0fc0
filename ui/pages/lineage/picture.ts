import { toCanvas } from "html-to-image";
import { formatInstant } from "../../components/instant.js";
import { EDGE_FACES } from "../../components/edge-types.js";
import { badgesOf } from "../../components/node-badges.js";
import { labelName } from "../../components/node-label.js";
import { layOutMany } from "./big-layout.js";
import { saveAs } from "./download.js";
import { layOut, NODE_HEIGHT, NODE_WIDTH, type Point } from "./layout.js";
import { sceneOf } from "./canvas-layer.js";
import { paint } from "./paint.js";
import { readPalette } from "./palette.js";
import { SMALL } from "./use-layout.js";
import type { Shown } from "./use-shown.js";
import { wholeIn } from "./viewport.js";

export interface Caption {
  readonly title: string;
  /** How much is shown. */
  readonly words: string;
  readonly asOf: string;
}

/** Browsers draw no canvas that is much larger. */
const MOST_PX = 8_000;
const MARGIN = 32;
const HEAD = 84;

function extent(positions: ReadonlyMap<string, Point>): { readonly width: number; readonly height: number } {
  let [width, height] = [400, 200];
  for (const { x, y } of positions.values()) {
    width = Math.max(width, x + NODE_WIDTH);
    height = Math.max(height, y + NODE_HEIGHT);
  }
  return { width: width + MARGIN, height: height + MARGIN };
}

/** The graph by itself: as the page draws it while that can be copied, painted where it is big. */
async function drawGraph(shown: Shown, frame: HTMLElement): Promise<HTMLCanvasElement> {
  const { merged, marks } = shown;
  const small = merged.nodes.length <= SMALL;
  const positions = (small ? layOut : layOutMany)(merged.nodes, merged.edges);
  const natural = extent(positions);
  const flow = document.querySelector<HTMLElement>(".graph:not([data-big]) .react-flow__viewport");
  // Only what is in sight is in the document.
  if (flow !== null && flow.querySelectorAll(".gnode").length === merged.nodes.length) {
    return toCanvas(flow, {
      width: natural.width,
      height: natural.height,
      pixelRatio: Math.min(2, MOST_PX / Math.max(natural.width, natural.height)),
      skipFonts: true,
      style: { width: `${natural.width}px`, height: `${natural.height}px`, transform: "none" },
    });
  }
  const zoom = Math.min(1, MOST_PX / Math.max(natural.width, natural.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(natural.width * zoom);
  canvas.height = Math.ceil(natural.height * zoom);
  const size = { width: canvas.width, height: canvas.height };
  const ctx = canvas.getContext("2d");
  if (ctx === null) throw new Error("no canvas");
  const scene = { ...sceneOf(merged, positions, marks, null), withNodes: true, selected: null, current: null };
  paint(ctx, scene, wholeIn([...positions.values()], size), size, 1, readPalette(frame));
  return canvas;
}

/** With what it shows written above it, so that a picture on its own still says of what and when it is. */
async function pictureOf(shown: Shown, caption: Caption): Promise<HTMLCanvasElement> {
  const frame = document.querySelector<HTMLElement>(".lineage") ?? document.body;
  const graph = await drawGraph(shown, frame);
  const palette = readPalette(frame);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(760, graph.width + 2 * MARGIN);
  canvas.height = graph.height + HEAD + MARGIN;
  const ctx = canvas.getContext("2d");
  if (ctx === null) throw new Error("no canvas");
  ctx.fillStyle = getComputedStyle(document.body).backgroundColor;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = palette.ink;
  ctx.font = `650 22px ${palette.font}`;
  ctx.fillText(caption.title, MARGIN, 38, canvas.width - 2 * MARGIN);
  ctx.font = `15px ${palette.font}`;
  ctx.fillText(`${caption.words} · as of ${caption.asOf} · Throughline`, MARGIN, 64, canvas.width - 2 * MARGIN);
  ctx.drawImage(graph, (canvas.width - graph.width) / 2, HEAD);
  return canvas;
}

const fileName = ({ title, asOf }: Caption) => `${title.slice(0, 60)}-${asOf}`.replaceAll(/[^\w.-]+/g, "_");

/** Saves the view as a PNG. */
export async function savePicture(shown: Shown, caption: Caption): Promise<void> {
  const canvas = await pictureOf(shown, caption);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("no picture");
  saveAs(`${fileName(caption)}.png`, blob);
}

function cellsOf(tag: "th" | "td", cells: readonly string[]): HTMLTableRowElement {
  const row = document.createElement("tr");
  for (const text of cells) row.append(Object.assign(document.createElement(tag), { textContent: text }));
  return row;
}

function tableOf(title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const section = document.createElement("section");
  const table = document.createElement("table");
  table.append(cellsOf("th", head), ...rows.map((row) => cellsOf("td", row)));
  section.append(Object.assign(document.createElement("h2"), { textContent: title }), table);
  return section;
}

/** A sheet that only the printer sees: the picture and the rows of both tables. The browser's print dialog saves it as PDF. */
export async function printView(shown: Shown, caption: Caption): Promise<void> {
  const canvas = await pictureOf(shown, caption);
  const { nodes, edges } = shown.merged;
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const sheet = document.createElement("div");
  sheet.className = "print-sheet";
  const image = Object.assign(document.createElement("img"), { src: canvas.toDataURL("image/png"), alt: "" });
  sheet.append(
    image,
    tableOf(
      "Nodes",
      ["Kind", "Title", "State"],
      nodes.map((node) => [
        labelName(node.label),
        node.title,
        badgesOf(node)
          .map(({ text }) => text)
          .join(", "),
      ]),
    ),
    tableOf(
      "Links",
      ["From", "Link", "To", "Since", "By", "Why"],
      edges.map(({ from, to, type, validFrom, by, why }) => [
        titles.get(from) ?? from,
        EDGE_FACES[type].along,
        titles.get(to) ?? to,
        formatInstant(validFrom),
        by,
        why,
      ]),
    ),
  );
  await image.decode();
  document.body.append(sheet);
  const was = document.title;
  document.title = fileName(caption);
  window.addEventListener(
    "afterprint",
    () => {
      sheet.remove();
      document.title = was;
    },
    { once: true },
  );
  window.print();
}
