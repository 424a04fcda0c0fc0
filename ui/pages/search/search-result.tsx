import { formatInstant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { NodeBadges } from "../../components/node-badges.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import type { SearchResult_NodeFragment } from "../../gql/graphql.js";

export const SearchResult_Node = graphql(/* GraphQL */ `
  fragment SearchResult_Node on GraphNode {
    __typename
    id
    label
    title
    validFrom
    ...NodeBadges_Node
    ... on Source {
      publisher
      url
    }
    ... on Fact {
      snapshot {
        id
        title
      }
    }
    ... on Episode {
      publishedAt
      channel {
        id
        title
      }
    }
  }
`);

/** One line that tells this result from its neighbours. */
function detailOf(node: SearchResult_NodeFragment): string {
  switch (node.__typename) {
    case "Source":
      return node.publisher ?? node.url;
    case "Fact":
      return node.snapshot == null ? "" : `quoted from ${node.snapshot.title}`;
    case "Episode":
      return [node.channel?.title, node.publishedAt == null ? null : formatInstant(node.publishedAt, "day")]
        .filter(Boolean)
        .join(", ");
    default:
      return `recorded ${formatInstant(node.validFrom, "day")}`;
  }
}

export function SearchResult(props: { readonly node: FragmentType<typeof SearchResult_Node> }) {
  const node = readFragment(SearchResult_Node, props.node);
  return (
    <li>
      <LineageLink node={node} className="result">
        <LabelIcon label={node.label} size={30} />
        <span className="result-text">
          <span className="result-title">{node.title}</span>
          <span className="result-detail">
            {labelName(node.label)} · {detailOf(node)}
          </span>
        </span>
        <span className="result-badges">
          <NodeBadges node={node} />
        </span>
      </LineageLink>
    </li>
  );
}
