import { Link } from "wouter";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { RiskRow } from "./risk-row.js";

const WeakestPanel_Weakest = graphql(/* GraphQL */ `
  fragment WeakestPanel_Weakest on ClaimRiskConnection {
    totalCount
    totalIsExact
    edges {
      cursor
      node {
        ...RiskRow_Risk
      }
    }
  }
`);

/** The weakest live claims, on the home page. */
export function WeakestPanel(props: { readonly weakest: FragmentType<typeof WeakestPanel_Weakest> }) {
  const { edges, totalCount, totalIsExact } = readFragment(WeakestPanel_Weakest, props.weakest);
  return (
    <section className="panel" aria-labelledby="weakest-title">
      <header className="panel-header">
        <h2 id="weakest-title">Weakest live claims</h2>
        {totalCount > 0 && (
          <Link href="/weakest" className="link">
            all {totalIsExact ? "" : "at least "}
            {totalCount.toLocaleString("en")}
          </Link>
        )}
      </header>
      {edges.length === 0 ? (
        <p className="panel-empty">
          No live claim is weak: each has two independent sources that hold, nothing against it, and a quote.
        </p>
      ) : (
        <ul className="rows">
          {edges.map(({ cursor, node }) => (
            <RiskRow key={cursor} risk={node} brief />
          ))}
        </ul>
      )}
    </section>
  );
}
