import { useMantineColorScheme } from "@mantine/core";
import { MultiDirectedGraph } from "graphology";
import { useEffect, useMemo, useRef, useState } from "react";
import Sigma from "sigma";
import { useAnnounce } from "../../components/live-region.js";
import { LABEL_FACES } from "../../components/node-label.js";
import type { NodeLabel } from "../../gql/graphql.js";
import { layOutMany } from "./big-layout.js";
import { sceneOf } from "./canvas-layer.js";
import { NO_MARKS, type Marks } from "./marks.js";
import { edgeKey } from "./merge.js";
import { readPalette } from "./palette.js";
import type { Merged } from "./use-lineage.js";

interface Props {
  readonly merged: Merged;
  readonly selected: string | null;
  readonly marks: Marks;
  readonly onSelect: (key: string | null) => void;
}

const canDraw = (): boolean => document.createElement("canvas").getContext("webgl2") !== null;

/** Thousands of nodes as dots in their columns, drawn by the graphics card: what there is, where it is dense, and what stands out. */
export function Overview({ merged, selected, marks, onSelect }: Props) {
  const { colorScheme } = useMantineColorScheme();
  const announce = useAnnounce();
  const frame = useRef<HTMLDivElement>(null);
  const [able] = useState(canDraw);
  const latest = useRef({ selected, marks, onSelect });
  latest.current = { selected, marks, onSelect };
  const drawn = useRef<Sigma | null>(null);
  const positions = useMemo(() => layOutMany(merged.nodes, merged.edges), [merged]);
  useEffect(() => {
    const element = frame.current;
    if (element === null || !able) return;
    const palette = readPalette(element);
    const graph = new MultiDirectedGraph();
    const size = Math.max(2, Math.min(9, 160 / Math.sqrt(merged.nodes.length)));
    const { nodes, edges } = sceneOf(merged, positions, NO_MARKS, null);
    for (const { id, label, title, at, tone, isRoot } of nodes) {
      const color = tone === "bad" ? palette.bad : tone === "warn" ? palette.warn : palette.label(label);
      // Its axis points up, ours down.
      graph.addNode(id, { x: at.x, y: -at.y, size: isRoot || tone !== null ? 1.6 * size : size, color, label: title });
    }
    const ground = getComputedStyle(document.body).backgroundColor;
    merged.edges.forEach((edge, index) => {
      const colour = palette.edge(edges[index]?.style ?? "structure");
      graph.addEdgeWithKey(edgeKey(edge), edge.from, edge.to, { size: 1, color: faint(colour, ground), full: colour });
    });
    const sigma = new Sigma(graph, element, {
      allowInvalidContainer: true,
      labelColor: { color: palette.ink },
      labelSize: 12,
      labelDensity: 0.6,
      labelRenderedSizeThreshold: 7,
      zIndex: true,
      nodeReducer: (id, data) => {
        const now = latest.current;
        const mark = now.marks.nodes.get(id);
        const dim = now.marks.dimRest && mark === undefined;
        return {
          ...data,
          ...(mark !== undefined && mark !== "way" && { color: palette.mark(mark) }),
          ...(dim && { color: palette.line, label: "" }),
          ...(now.selected === id && { highlighted: true, size: (data.size as number) * 1.8, zIndex: 2 }),
        };
      },
      edgeReducer: (id, data) => {
        const now = latest.current;
        const mark = now.marks.edges.get(id);
        if (mark === undefined) return now.marks.dimRest ? { ...data, hidden: true } : data;
        return { ...data, size: 2, color: mark === "way" ? (data.full as string) : palette.mark(mark), zIndex: 1 };
      },
    });
    sigma.on("clickNode", ({ node }) => latest.current.onSelect(node));
    sigma.on("clickStage", () => latest.current.onSelect(null));
    drawn.current = sigma;
    return () => {
      drawn.current = null;
      sigma.kill();
    };
  }, [merged, positions, able, colorScheme]);
  useEffect(() => void drawn.current?.refresh({ skipIndexation: true }), [selected, marks]);
  useEffect(() => {
    if (able) announce(`Overview of ${merged.nodes.length.toLocaleString("en")} nodes; the table has the same rows`);
  }, [able, announce, merged]);
  const present = [...new Set(merged.nodes.map(({ label }) => label))];
  return (
    <div className="overview">
      {able ? (
        <div
          ref={frame}
          className="overview-frame"
          role="img"
          aria-label={`Overview of ${merged.nodes.length} nodes`}
        />
      ) : (
        <p className="panel-empty groups-empty">
          The overview needs WebGL, which this browser doesn’t offer. “Graph” shows the same nodes, also from afar.
        </p>
      )}
      <ul className="legend" aria-label="Kinds of node">
        {present.map((label: NodeLabel) => (
          <li key={label} data-label={label}>
            <i className="dot" aria-hidden="true" />
            {LABEL_FACES[label].plural}
          </li>
        ))}
        <li>
          <i className="dot" data-tone="bad" aria-hidden="true" />
          wrong, retracted or dead
        </li>
        <li>
          <i className="dot" data-tone="warn" aria-hidden="true" />
          needs a look
        </li>
      </ul>
    </div>
  );
}

const parts = (rgb: string): readonly number[] => (rgb.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);

/** Nearly the ground's colour, so that where links are many the nodes can still be seen. */
function faint(colour: string, ground: string): string {
  const under = parts(ground);
  return `rgb(${parts(colour)
    .map((value, i) => Math.round(0.35 * value + 0.65 * (under[i] ?? 255)))
    .join(", ")})`;
}
