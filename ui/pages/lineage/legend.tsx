import { EDGE_FACES, type EdgeStyle } from "../../components/edge-types.js";
import type { LinkLike } from "./merge.js";

const NAMES: Record<EdgeStyle, string> = {
  structure: "built from",
  support: "supported by",
  contradiction: "contradicted by",
  considered: "considered",
  context: "context",
};

/** What the kinds of line mean, as far as they are drawn. */
export function Legend({ edges }: { readonly edges: readonly LinkLike[] }) {
  const present = new Set(edges.map((edge) => EDGE_FACES[edge.type].style));
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
    </ul>
  );
}
