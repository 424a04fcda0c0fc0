import { EDGE_FACES, type EdgeStyle } from "../../components/edge-types.js";
import { MARK_WORDS, type Marks } from "./marks.js";
import type { LinkLike } from "./merge.js";

const NAMES: Record<EdgeStyle, string> = {
  structure: "built from",
  support: "supported by",
  contradiction: "contradicted by",
  considered: "considered",
  context: "context",
};

/** What the kinds of line mean, as far as they are drawn. */
export function Legend({ edges, marks }: { readonly edges: readonly LinkLike[]; readonly marks: Marks }) {
  const present = new Set(edges.map((edge) => EDGE_FACES[edge.type].style));
  const differs = new Set([...marks.nodes.values(), ...marks.edges.values()]);
  if (present.size === 0) return null;
  return (
    <ul className="legend" aria-label="Kinds of line">
      {(Object.keys(NAMES) as EdgeStyle[])
        .filter((style) => present.has(style))
        .map((style) => (
          <li key={style}>
            <svg width="30" height="8" aria-hidden="true" className={`gedge-${style}`}>
              <path d="M0 4h30" className="react-flow__edge-path" />
            </svg>
            {NAMES[style]}
          </li>
        ))}
      {(["added", "removed", "changed"] as const)
        .filter((mark) => differs.has(mark))
        .map((mark) => (
          <li key={mark}>
            <i data-kind={mark} aria-hidden="true" />
            {MARK_WORDS[mark]}
          </li>
        ))}
    </ul>
  );
}
