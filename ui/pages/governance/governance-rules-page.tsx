import { GovernancePage } from "../../components/governance/governance-page.js";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { Instant } from "../../components/instant.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { RULES } from "./rule-words.js";
import { SettingsForm } from "./settings-form.js";
import { SettingsTable } from "./settings-table.js";
import { StandingSection } from "./standing-section.js";
import { VersionsSection } from "./versions-section.js";
import "./governance-rules.css";

const GovernanceRulesPage_Settings = graphql(/* GraphQL */ `
  query GovernanceRulesPage_Settings {
    viewer {
      tenant {
        id
      }
    }
    governanceRules {
      rule
      checks
      remedy
    }
    governanceSettings {
      version
      ...SettingsTable_Settings
      ...SettingsForm_Settings
    }
    governanceVersions(first: 1) {
      edges {
        node {
          at
          by
          proposal {
            id
            proposerName
          }
        }
      }
    }
    proposals(filter: { action: [setGovernance], status: [OPEN] }, first: 5) {
      edges {
        node {
          id
          proposerName
          expiresAt
        }
      }
    }
  }
`);

/** The rules of evidence: what they are set to, who approved that, what they say, and which episodes they stand against. */
export function GovernanceRulesPage() {
  const [{ data, error, fetching }, again] = useQuery({ query: GovernanceRulesPage_Settings });
  const look = () => again({ requestPolicy: "network-only" });
  const settings = data?.governanceSettings;
  const last = data?.governanceVersions.edges[0]?.node;
  const open = data?.proposals.edges.map(({ node }) => node) ?? [];
  return (
    <GovernancePage
      title="Rules of evidence"
      about="What an episode stands on must hold before it is published: seven rules say what that means, and a publication is refused while one stands against it."
    >
      <div className="stack">
        <StandingSection />
        <section className="panel" aria-labelledby="settings-title" aria-busy={fetching}>
          <header className="panel-header">
            <h2 id="settings-title">Settings in force</h2>
            {settings !== undefined && (
              <span className="count-line" data-testid="settings-version">
                {settings.version === 0 || last === undefined ? (
                  "The defaults; nobody has set others"
                ) : (
                  <>
                    Version {settings.version}, since <Instant at={last.at} />, proposed by{" "}
                    {last.proposal?.proposerName ?? last.by}
                  </>
                )}
              </span>
            )}
          </header>
          {error !== undefined && <ProblemPanel problem={problemOf(error)} retry={look} />}
          {data === undefined && fetching && <Waiting what="Loading the settings" />}
          {settings !== undefined && <SettingsTable settings={settings} />}
          {settings !== undefined && (
            <SettingsForm
              tenantId={data?.viewer?.tenant.id ?? ""}
              settings={settings}
              open={open}
              proposed={look}
              key={settings.version}
            />
          )}
        </section>
        <VersionsSection />
        <section className="panel" aria-labelledby="rules-title">
          <h2 id="rules-title">The rules</h2>
          <dl className="rules">
            {data?.governanceRules.map(({ rule, checks, remedy }) => (
              <div key={rule}>
                <dt>
                  {RULES[rule]} <code>{rule}</code>
                </dt>
                <dd>
                  {checks} <span className="remedy">{remedy}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </GovernancePage>
  );
}
