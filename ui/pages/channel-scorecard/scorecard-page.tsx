import { Button } from "@mantine/core";
import { useQuery } from "urql";
import { Link, useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { useTitle } from "../../components/use-title.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { ConfigPanel } from "./config-panel.js";
import { ScorecardTable } from "./scorecard-table.js";

const ScorecardPage_Scorecard = graphql(/* GraphQL */ `
  query ScorecardPage_Scorecard($id: ID!, $asOf: DateTime) {
    channelScorecard(channelId: $id, asOf: $asOf) {
      channelId
      title
      asOf
      phase
      met
      of
      rows {
        isExit
        ...ScorecardTable_Row
      }
    }
    channelConfig(channelId: $id, asOf: $asOf) {
      ...ConfigPanel_Config
    }
    channelConfigs(channelId: $id, asOf: $asOf) {
      ...ConfigPanel_Version
    }
  }
`);

/** How far a channel is with what it must reach, and what its episodes go by. */
export function ScorecardPage({ id }: { readonly id: string }) {
  const [params, setParams] = useSearchParams();
  const asOf = params.get("asOf");
  const [{ data, error, fetching }, again] = useQuery({ query: ScorecardPage_Scorecard, variables: { id, asOf } });
  const card = data?.channelScorecard;
  useTitle(card === undefined ? "Channel" : `${card.title}: scorecard`);
  const rows = card?.rows ?? [];
  const targets = rows.filter(({ isExit }) => !isExit);
  const open = params.get("open");
  return (
    <div className="page page-wide">
      <nav aria-label="Channels" className="places">
        <Link href="/channels">All channels</Link>
        <Link href={`/runs?show=all&channel=${id}`}>Its runs</Link>
      </nav>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {card === undefined && fetching && <Waiting what="Loading the scorecard" />}
      {card !== undefined && (
        <>
          <h1 className="page-title governance-title">{card.title}</h1>
          <p className="page-about">
            Phase {card.phase}. {card.met} of {card.of} exit criteria are met, as of <Instant at={card.asOf} />.{" "}
            <LineageLink node={{ id: card.channelId, label: "CHANNEL" }}>The channel on the graph</LineageLink>
          </p>
          <form
            className="more-line"
            onSubmit={(event) => {
              event.preventDefault();
              const day = new FormData(event.currentTarget).get("day");
              setParams(typeof day === "string" && day !== "" ? { asOf: `${day}T23:59:59Z` } : {});
            }}
          >
            <label>
              As of the end of a day (UTC){" "}
              <input type="date" name="day" defaultValue={asOf?.slice(0, 10) ?? ""} key={asOf ?? "now"} />
            </label>{" "}
            <Button type="submit" variant="default" size="xs">
              Show
            </Button>
          </form>
          <div className="stack">
            <section className="panel" aria-labelledby="exit-criteria" aria-busy={fetching}>
              <h2 id="exit-criteria">Exit criteria</h2>
              <ScorecardTable rows={rows.filter(({ isExit }) => isExit)} open={open} />
            </section>
            {targets.length > 0 && (
              <section className="panel" aria-labelledby="kpi-targets">
                <h2 id="kpi-targets">KPI targets</h2>
                <ScorecardTable rows={targets} open={open} />
              </section>
            )}
            {data !== undefined && <ConfigPanel config={data.channelConfig} versions={data.channelConfigs} />}
          </div>
        </>
      )}
    </div>
  );
}
