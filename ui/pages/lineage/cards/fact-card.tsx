import { Instant } from "../../../components/instant.js";
import { graphql } from "../../../gql/gql.js";
import { Listed, NodeRef, Section, Terms, WebAddress } from "./parts.js";
import { useCard } from "./use-card.js";
import { SnapshotText } from "./snapshot-text.js";

const FactCard_Fact = graphql(/* GraphQL */ `
  query FactCard_Fact($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Fact {
        statement
        kind
        value
        unit
        asOfDate
        quote {
          prefix
          exact
          suffix
        }
        snapshot {
          id
          url
          capturedAt
          ...NodeRef_Node
          ...SnapshotText_Snapshot
          source {
            id
            ...NodeRef_Node
          }
        }
        derivedFrom {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);

/** A fact: its words as they stand at the source, shown where they stand. */
export function FactCard({ id }: { readonly id: string }) {
  const { node: fact, instead } = useCard(FactCard_Fact, id);
  if (fact?.__typename !== "Fact") return instead;
  const { prefix, exact, suffix } = fact.quote;
  const { snapshot } = fact;
  return (
    <>
      <Section title="Quote">
        <blockquote className="quote" data-testid="quote">
          {prefix !== "" && <span className="quote-around">…{prefix}</span>}
          <mark>{exact}</mark>
          {suffix !== "" && <span className="quote-around">{suffix}…</span>}
        </blockquote>
      </Section>
      {snapshot == null ? (
        <p className="card-note">
          The snapshot that this was quoted from isn't linked, so the quote can't be checked here.
        </p>
      ) : (
        <>
          <Section title="Where it stands">
            <NodeRef
              node={snapshot}
              detail={
                <>
                  captured <Instant at={snapshot.capturedAt} />
                </>
              }
            />
            {snapshot.source != null && <NodeRef node={snapshot.source} />}
            {snapshot.url != null && <WebAddress url={snapshot.url} />}
          </Section>
          <SnapshotText snapshot={snapshot} quote={fact.quote} />
        </>
      )}
      {fact.derivedFrom.length > 0 && (
        <Section title="Derived from" count={fact.derivedFrom.length}>
          <Listed items={fact.derivedFrom} empty="">
            {(other) => (
              <li key={other.id}>
                <NodeRef node={other} />
              </li>
            )}
          </Listed>
        </Section>
      )}
      <Terms
        rows={[
          fact.statement === exact ? null : ["Statement", fact.statement],
          ["Kind", fact.kind === "DATA_POINT" ? "data point" : "key fact"],
          fact.value == null
            ? null
            : ["Value", `${fact.value.toLocaleString("en")}${fact.unit == null ? "" : ` ${fact.unit}`}`],
          fact.asOfDate == null ? null : ["Holds for", fact.asOfDate],
        ]}
      />
    </>
  );
}
