import { Instant } from "../../components/instant.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const ConfigPanel_Config = graphql(/* GraphQL */ `
  fragment ConfigPanel_Config on ChannelConfig {
    version
    template
    qaSpec
    prompts
    nextSlots
    goals {
      monthlyRevenue
      currency
      uploadsPerWeek
    }
    budgets {
      runUsd
      runTokens
      monthUsd
    }
  }
`);
const ConfigPanel_Version = graphql(/* GraphQL */ `
  fragment ConfigPanel_Version on ChannelConfig {
    version
    phase
    told {
      by
      at
      why
    }
  }
`);

interface Props {
  readonly config: FragmentType<typeof ConfigPanel_Config>;
  readonly versions: readonly FragmentType<typeof ConfigPanel_Version>[];
}

const amount = (value: number | null | undefined, unit: string) =>
  value == null ? [] : [`${value.toLocaleString("en")} ${unit}`];

/** What episodes of the channel go by, and how that came about. */
export function ConfigPanel({ config, versions }: Props) {
  const { version, template, qaSpec, prompts, nextSlots, goals, budgets } = readFragment(ConfigPanel_Config, config);
  const history = readFragment(ConfigPanel_Version, versions);
  const wanted = [
    ...amount(goals.uploadsPerWeek, "uploads a week"),
    ...amount(goals.monthlyRevenue, `${goals.currency ?? ""} a month`),
  ];
  const limits = [
    ...amount(budgets.runUsd, "US dollars a run"),
    ...amount(budgets.runTokens, "tokens a run"),
    ...amount(budgets.monthUsd, "US dollars a month"),
  ];
  return (
    <section className="panel" aria-labelledby="channel-config">
      <h2 id="channel-config">What its episodes go by</h2>
      <dl className="facts">
        <dt>Goals</dt>
        <dd>{wanted.join(", ") || "none"}</dd>
        <dt>Template</dt>
        <dd>{template ?? "this installation’s own"}</dd>
        <dt>QA spec</dt>
        <dd>{qaSpec ?? "none"}</dd>
        <dt>Prompts</dt>
        <dd>{prompts.join(", ") || "this installation’s own"}</dd>
        <dt>Budgets</dt>
        <dd>{limits.join(", ") || "this installation’s own"}</dd>
        <dt>Next slots</dt>
        <dd>
          {nextSlots.length === 0 && "none"}
          {nextSlots.map((at, i) => (
            <span key={at}>
              {i > 0 && " · "}
              <Instant at={at} />
            </span>
          ))}
        </dd>
      </dl>
      <h3>Versions</h3>
      {version === 0 && <p className="panel-empty">Nothing was set yet: setChannelConfig makes version 1.</p>}
      {history.length > 0 && (
        <div className="sheet-scroll">
          <table className="sheet">
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Phase</th>
                <th scope="col">Set</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {history.map((one) => (
                <tr key={one.version}>
                  <td>{one.version}</td>
                  <td>{one.phase}</td>
                  <td>
                    {one.told != null && (
                      <>
                        <Instant at={one.told.at} /> by {one.told.by}
                      </>
                    )}
                  </td>
                  <td>{one.told?.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
