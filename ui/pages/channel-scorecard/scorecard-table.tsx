import { Link } from "wouter";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { CRITERIA, figure, VERDICTS } from "./words.js";

const ScorecardTable_Row = graphql(/* GraphQL */ `
  fragment ScorecardTable_Row on ScorecardRow {
    criterion
    value
    target
    unit
    currency
    from
    to
    sampleSize
    verdict
    why
    link
    parts {
      name
      value
    }
    nodes {
      id
      label
      title
    }
  }
`);

interface Props {
  readonly rows: readonly FragmentType<typeof ScorecardTable_Row>[];
  /** The criterion whose figures are opened. */
  readonly open: string | null;
}

/** Each criterion with its figure, and below it what that was counted from. */
export function ScorecardTable({ rows, open }: Props) {
  const shown = readFragment(ScorecardTable_Row, rows);
  return (
    <div className="sheet-scroll">
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">Criterion</th>
            <th scope="col">Value</th>
            <th scope="col">Target</th>
            <th scope="col">Window</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.criterion} id={row.criterion}>
              <th scope="row">
                {CRITERIA[row.criterion].name}
                <p className="count-line">{row.why}</p>
                <details open={open === row.criterion}>
                  <summary>What was counted ({row.sampleSize.toLocaleString("en")})</summary>
                  <ul>
                    {row.parts.map(({ name, value }) => (
                      <li key={name}>
                        {name}: {value.toLocaleString("en", { maximumFractionDigits: 2 })}
                      </li>
                    ))}
                    {row.nodes.map((node) => (
                      <li key={node.id}>
                        <LineageLink node={node}>{node.title}</LineageLink>
                      </li>
                    ))}
                  </ul>
                </details>
              </th>
              <td>
                <Link href={row.link} className="link">
                  {figure(row.value, row.unit, row.currency)}
                </Link>
              </td>
              <td>
                {row.target == null
                  ? "–"
                  : `${CRITERIA[row.criterion].sign} ${figure(row.target, row.unit, row.currency)}`}
              </td>
              <td>
                <Instant at={row.from} precision="day" /> to <Instant at={row.to} precision="day" />
              </td>
              <td>
                <Badge {...VERDICTS[row.verdict]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
