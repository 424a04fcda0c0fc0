import { EDGE_FACES } from "../../components/edge-types.js";
import { formatInstant, Instant, isForever } from "../../components/instant.js";
import { LabelIcon } from "../../components/node-label.js";
import { Listed, Terms } from "./cards/parts.js";
import { edgeKey } from "./merge.js";
import type { LineageLink, LineageNode, Merged } from "./use-lineage.js";

interface EndProps {
  readonly node: LineageNode | undefined;
  readonly onSelect: (key: string) => void;
}

function End({ node, onSelect }: EndProps) {
  if (node === undefined) return null;
  return (
    <button type="button" className="ref" onClick={() => onSelect(node.id)}>
      <LabelIcon label={node.label} size={20} />
      <span className="ref-text">
        <span className="ref-title">{node.title}</span>
      </span>
    </button>
  );
}

const Provenance = ({ link }: { readonly link: LineageLink }) => (
  <p className="provenance">
    {link.by} · <Instant at={link.validFrom} />
    {link.why === "" ? null : <> · “{link.why}”</>}
  </p>
);

interface LinksProps {
  readonly id: string;
  readonly merged: Merged;
  readonly onSelect: (key: string) => void;
}

/** Each drawn link of a node: where it leads, and who made it, when and why. */
export function LinksPanel({ id, merged, onSelect }: LinksProps) {
  const nodes = new Map(merged.nodes.map((node) => [node.id, node]));
  const links = merged.edges.filter((edge) => edge.from === id || edge.to === id);
  return (
    <Listed items={links} empty="No link of it is drawn. Expand it, look the other way, or follow more types of link.">
      {(link) => {
        const outward = link.from === id;
        const face = EDGE_FACES[link.type];
        return (
          <li key={edgeKey(link)} className="evidence">
            <button type="button" className="relation" data-style={face.style} onClick={() => onSelect(edgeKey(link))}>
              {outward ? face.along : face.against}
            </button>
            <End node={nodes.get(outward ? link.to : link.from)} onSelect={onSelect} />
            <Provenance link={link} />
          </li>
        );
      }}
    </Listed>
  );
}

/** One link by itself. */
export function LinkCard({
  link,
  merged,
  onSelect,
}: {
  readonly link: LineageLink;
  readonly merged: Merged;
  readonly onSelect: (key: string) => void;
}) {
  const find = (id: string) => merged.nodes.find((node) => node.id === id);
  const face = EDGE_FACES[link.type];
  return (
    <>
      <div className="link-ends">
        <End node={find(link.from)} onSelect={onSelect} />
        <p className="relation" data-style={face.style}>
          {face.along}
        </p>
        <End node={find(link.to)} onSelect={onSelect} />
      </div>
      <Terms
        rows={[
          ["Made by", link.by],
          ["Recorded", <Instant key="f" at={link.validFrom} />],
          ["Until", isForever(link.validTo) ? "still holds" : formatInstant(link.validTo)],
          ["Why", link.why === "" ? "no reason was recorded" : link.why],
          ["Type", <code key="t">{link.type}</code>],
        ]}
      />
    </>
  );
}
