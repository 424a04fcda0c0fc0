import { Button } from "@mantine/core";
import { createContext, useContext, useState, type ReactNode } from "react";
import { LineageLink } from "../../../components/lineage-link.js";
import { NodeBadges } from "../../../components/node-badges.js";
import { LabelIcon } from "../../../components/node-label.js";
import type { FragmentType } from "../../../gql/fragment-masking.js";
import { graphql } from "../../../gql/gql.js";
import { readFragment } from "../../../gql/fragment-masking.js";

const NodeRef_Node = graphql(/* GraphQL */ `
  fragment NodeRef_Node on GraphNode {
    id
    label
    title
    ...NodeBadges_Node
  }
`);

/** How a card points at other nodes: those on screen are selected there, others lead to their own lineage. */
export interface CardContextValue {
  readonly asOf: string | null;
  readonly isShown: (id: string) => boolean;
  readonly select: (id: string) => void;
}
export const CardContext = createContext<CardContextValue>({
  asOf: null,
  isShown: () => false,
  select: () => undefined,
});

export function NodeRef(props: { readonly node: FragmentType<typeof NodeRef_Node>; readonly detail?: ReactNode }) {
  const node = readFragment(NodeRef_Node, props.node);
  const { isShown, select } = useContext(CardContext);
  const inner = (
    <>
      <LabelIcon label={node.label} size={20} />
      <span className="ref-text">
        <span className="ref-title">{node.title}</span>
        {props.detail !== undefined && <span className="ref-detail">{props.detail}</span>}
      </span>
      <span className="ref-badges">
        <NodeBadges node={node} />
      </span>
    </>
  );
  return isShown(node.id) ? (
    <button type="button" className="ref" onClick={() => select(node.id)}>
      {inner}
    </button>
  ) : (
    <LineageLink node={node} className="ref">
      {inner}
    </LineageLink>
  );
}

/** Facts of a card as terms and values; absent ones are left out. */
export function Terms({ rows }: { readonly rows: readonly (readonly [term: string, value: ReactNode] | null)[] }) {
  return (
    <dl className="terms">
      {rows.map((row) =>
        row === null ? null : (
          <div key={row[0]}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

interface SectionProps {
  readonly title: string;
  readonly count?: number;
  readonly children: ReactNode;
}

export function Section({ title, count, children }: SectionProps) {
  return (
    <section className="card-section">
      <h3>
        {title}
        {count !== undefined && <span className="card-count">{count.toLocaleString("en")}</span>}
      </h3>
      {children}
    </section>
  );
}

interface ListedProps<T> {
  readonly items: readonly T[];
  /** How many there are in all, where not all were sent. */
  readonly total?: number;
  readonly empty: string;
  readonly children: (item: T, index: number) => ReactNode;
}
const LISTED = 8;

/** A list that starts short and never ends silently. */
export function Listed<T>({ items, total = items.length, empty, children }: ListedProps<T>) {
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, LISTED);
  if (items.length === 0) return <p className="card-note">{empty}</p>;
  return (
    <>
      <ul className="ref-list">{shown.map(children)}</ul>
      {(shown.length < total || all) && (
        <p className="card-note">
          {shown.length.toLocaleString("en")} of {total.toLocaleString("en")} shown
          {items.length > LISTED && (
            <Button variant="subtle" size="compact-xs" onClick={() => setAll(!all)}>
              {all ? "Show fewer" : `Show ${(items.length - LISTED).toLocaleString("en")} more`}
            </Button>
          )}
        </p>
      )}
    </>
  );
}

/** An address out on the web: opened apart, and told nothing of where the reader came from. */
export function WebAddress({ url }: { readonly url: string }) {
  if (!/^https?:\/\//i.test(url)) return <span className="address">{url}</span>;
  return (
    <a className="link address" href={url} target="_blank" rel="noreferrer noopener">
      {url}
    </a>
  );
}
