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
async function drawGraph(
  shown: Shown,
  frame: HTMLElement,
): Promise<{ readonly canvas: HTMLCanvasElement; readonly ratio: number }> {
  const { merged, marks } = shown;
  const small = merged.nodes.length <= SMALL;
  const positions = (small ? layOut : layOutMany)(merged.nodes, merged.edges);
  const natural = extent(positions);
  const ratio = Math.min(small ? 2 : 1, MOST_PX / Math.max(natural.width, natural.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(natural.width * ratio);
  canvas.height = Math.ceil(natural.height * ratio);
  const ctx = canvas.getContext("2d");
  if (ctx === null) throw new Error("no canvas");
  const flow = document.querySelector<HTMLElement>(".graph:not([data-big]) .react-flow__viewport");
  // Only what is in sight is in the document.
  const asDrawn = flow !== null && flow.querySelectorAll(".gnode").length === merged.nodes.length;
  const scene = { ...sceneOf(merged, positions, marks, null), withNodes: !asDrawn, selected: null, current: null };
  paint(ctx, scene, { x: 0, y: 0, zoom: 1 }, natural, ratio, readPalette(frame));
  if (asDrawn) {
    const nodes = await toCanvas(flow, {
      ...natural,
      pixelRatio: ratio,
      skipFonts: true,
      style: { width: `${natural.width}px`, height: `${natural.height}px`, transform: "none" },
      // Links are painted already: copied, they would lose their colours.
      filter: (element) => !(element instanceof Element && element.classList.contains("react-flow__edges")),
    });
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(nodes, 0, 0, canvas.width, canvas.height);
  }
  return { canvas, ratio };
}

/** With what it shows written above it, so that a picture on its own still says of what and when it is. */
async function pictureOf(shown: Shown, caption: Caption): Promise<HTMLCanvasElement> {
  const frame = document.querySelector<HTMLElement>(".lineage") ?? document.body;
  const { canvas: graph, ratio } = await drawGraph(shown, frame);
  const palette = readPalette(frame);
  // Words as large as the nodes' own, also where the whole had to be made smaller.
  const size = Math.max(1, ratio);
  const [margin, head] = [MARGIN * size, HEAD * size];
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(760 * size, graph.width + 2 * margin);
  canvas.height = graph.height + head + margin;
  const ctx = canvas.getContext("2d");
  if (ctx === null) throw new Error("no canvas");
  ctx.fillStyle = getComputedStyle(document.body).backgroundColor;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = palette.ink;
  ctx.font = `650 ${22 * size}px ${palette.font}`;
  ctx.fillText(caption.title, margin, 38 * size, canvas.width - 2 * margin);
  ctx.font = `${15 * size}px ${palette.font}`;
  ctx.fillText(`${caption.words} · as of ${caption.asOf} · Throughline`, margin, 64 * size, canvas.width - 2 * margin);
  ctx.drawImage(graph, (canvas.width - graph.width) / 2, head);
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
