import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { lineagePath } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { RULES } from "../governance/rule-words.js";

const ChecksSection_Governance = graphql(/* GraphQL */ `
  query ChecksSection_Governance($id: ID!, $asOf: DateTime) {
    governance(episodeId: $id, asOf: $asOf) {
      asOf
      clear
      claims
      whole
      settings {
        version
      }
      rules {
        rule
        checks
        stands
        count
        remedy
        inputs {
          ids
          detail
          remedy
        }
      }
    }
  }
`);

interface Props {
  readonly id: string;
  readonly asOf: string | null;
}

/** Each rule of governance: passed, or what it found and what mends that. */
export function ChecksSection({ id, asOf }: Props) {
  const [{ data, error, fetching }, again] = useQuery({ query: ChecksSection_Governance, variables: { id, asOf } });
  const found = data?.governance;
  const standing = found?.rules.filter(({ stands }) => stands).length ?? 0;
  return (
    <section className="panel" aria-labelledby="episode-checks" aria-busy={fetching}>
      <header className="panel-header">
        <h2 id="episode-checks">Checks</h2>
        {found !== undefined && (
          <span className="count-line" data-testid="checks">
            {found.clear
              ? `All ${found.rules.length} rules pass`
              : `${standing} of ${found.rules.length} rules ${standing === 1 ? "stands" : "stand"} against it`}
            , {found.claims.toLocaleString("en")} {found.claims === 1 ? "claim" : "claims"} judged ·{" "}
            <Link href="/governance" className="link">
              {found.settings.version === 0 ? "default settings" : `settings ${found.settings.version}`}
            </Link>
          </span>
        )}
      </header>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {found === undefined && fetching && <Waiting what="Holding it against the rules" />}
      {found?.whole === false && (
        <p className="notice" data-tone="bad">
          It has more than 5,000 claims: those beyond weren’t judged, and it can’t be published. Split it.
        </p>
      )}
      <ul className="checks">
        {found?.rules.map(({ rule, checks, stands, count, remedy, inputs }) => (
          <li key={rule} data-stands={stands}>
            <div className="check-head">
              <Badge text={stands ? `${count.toLocaleString("en")} found` : "Passed"} tone={stands ? "bad" : "good"} />
              <strong>{RULES[rule]}</strong>
              <span className="count-line">{checks}</span>
            </div>
            {stands && (
              <>
                <ul className="check-inputs">
                  {inputs.map((input) => (
                    <li key={`${input.ids.join(" ")} ${input.detail}`}>
                      {input.detail} <span className="remedy">{input.remedy}</span>{" "}
                      {input.ids.map((one, at) => (
                        <span key={one}>
                          {at > 0 && " · "}
                          <Link href={`${lineagePath(one)}?direction=both&select=${one}`} className="link">
                            {one.startsWith("Source:")
                              ? "the source"
                              : one.startsWith("Fact:")
                                ? "the fact"
                                : "the claim"}
                          </Link>
                        </span>
                      ))}
                    </li>
                  ))}
                </ul>
                {count > inputs.length && (
                  <p className="count-line">
                    {inputs.length} of {count.toLocaleString("en")} are listed. What mends them all: {remedy}
                  </p>
                )}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
