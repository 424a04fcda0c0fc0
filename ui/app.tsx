import { Center } from "@mantine/core";
import { lazy, Suspense, type ComponentType } from "react";
import { useQuery } from "urql";
import { Route, Switch, useLocation } from "wouter";
import { problemOf } from "./api/problem.js";
import { ProblemPanel } from "./components/problem-panel.js";
import { Shell } from "./components/shell.js";
import { graphql } from "./gql/gql.js";
import { HomePage } from "./pages/home/home-page.js";
import { MissingPage } from "./pages/missing/missing-page.js";
import { SearchPage } from "./pages/search/search-page.js";
import { SignInPage } from "./pages/sign-in/sign-in-page.js";
import { ViewerIs } from "./components/viewer.js";
import { Waiting } from "./components/waiting.js";

// The graph's libraries weigh more than the rest of the page together: fetched when first looked at.
const LineagePage = lazy(() => import("./pages/lineage/lineage-page.js").then((m) => ({ default: m.LineagePage })));
const SelectPage = lazy(() => import("./pages/select/select-page.js").then((m) => ({ default: m.SelectPage })));
const ConflictPage = lazy(() => import("./pages/conflict/conflict-page.js").then((m) => ({ default: m.ConflictPage })));
const WeakestPage = lazy(() => import("./pages/weakest/weakest-page.js").then((m) => ({ default: m.WeakestPage })));
const AlertsPage = lazy(() => import("./pages/alerts/alerts-page.js").then((m) => ({ default: m.AlertsPage })));
const InvestigationsPage = lazy(() =>
  import("./pages/investigations/investigations-page.js").then((m) => ({ default: m.InvestigationsPage })),
);
const ChannelsPage = lazy(() =>
  import("./pages/channel-scorecard/channels-page.js").then((m) => ({ default: m.ChannelsPage })),
);
const ScorecardPage = lazy<ComponentType<{ id: string }>>(() =>
  import("./pages/channel-scorecard/scorecard-page.js").then((m) => ({ default: m.ScorecardPage })),
);
const BlastRadiusPage = lazy(() =>
  import("./pages/blast-radius/blast-radius-page.js").then((m) => ({ default: m.BlastRadiusPage })),
);
const RunsPage = lazy(() => import("./pages/runs/runs-page.js").then((m) => ({ default: m.RunsPage })));
const RunPage = lazy<ComponentType<{ id: string }>>(() =>
  import("./pages/runs/run-page.js").then((m) => ({ default: m.RunPage })),
);
const EpisodesPage = lazy(() => import("./pages/episodes/episodes-page.js").then((m) => ({ default: m.EpisodesPage })));
const EpisodePage = lazy<ComponentType<{ id: string }>>(() =>
  import("./pages/episodes/episode-page.js").then((m) => ({ default: m.EpisodePage })),
);
// Few need these on a day; each comes when it is opened.
const ApprovalsPage = lazy<ComponentType<{ id?: string }>>(() =>
  import("./pages/approvals/approvals-page.js").then((m) => ({ default: m.ApprovalsPage })),
);
const GovernanceRulesPage = lazy(() =>
  import("./pages/governance/governance-rules-page.js").then((m) => ({ default: m.GovernanceRulesPage })),
);
const SwitchesPage = lazy(() => import("./pages/switches/switches-page.js").then((m) => ({ default: m.SwitchesPage })));
const MembersPage = lazy(() => import("./pages/members/members-page.js").then((m) => ({ default: m.MembersPage })));
const AuditPage = lazy(() => import("./pages/audit/audit-page.js").then((m) => ({ default: m.AuditPage })));
const PolicyPage = lazy(() => import("./pages/policy/policy-page.js").then((m) => ({ default: m.PolicyPage })));

const App_Viewer = graphql(/* GraphQL */ `
  query App_Viewer {
    viewer {
      actor
      roles
      ...Shell_Viewer
    }
  }
`);

const waiting = (
  <Center h="50vh">
    <Waiting what="Loading" />
  </Center>
);

/** Who is looking decides first: nobody sees the sign-in page at any address. */
export function App() {
  const [path] = useLocation();
  const [{ data, error, fetching }, again] = useQuery({ query: App_Viewer });
  if (path === "/signed-out") return <SignInPage signedIn={data !== undefined} />;
  const problem = error && problemOf(error);
  if (problem?.kind === "signed-out") return <SignInPage signedIn={false} />;
  if (data === undefined && fetching) return waiting;
  return (
    <ViewerIs value={data?.viewer ?? null}>
      <Shell viewer={data?.viewer ?? null}>
        {problem === undefined ? (
          <Suspense fallback={waiting}>
            <Switch>
              <Route path="/" component={HomePage} />
              <Route path="/search" component={SearchPage} />
              <Route path="/lineage/:id">{({ id }) => <LineagePage id={id} />}</Route>
              <Route path="/select" component={SelectPage} />
              <Route path="/conflict/:a/:b">{({ a, b }) => <ConflictPage a={a} b={b} />}</Route>
              <Route path="/weakest" component={WeakestPage} />
              <Route path="/alerts" component={AlertsPage} />
              <Route path="/investigations" component={InvestigationsPage} />
              <Route path="/episodes" component={EpisodesPage} />
              <Route path="/episodes/:id">{({ id }) => <EpisodePage key={id} id={id} />}</Route>
              <Route path="/blast-radius" component={BlastRadiusPage} />
              <Route path="/runs" component={RunsPage} />
              <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
              <Route path="/channels" component={ChannelsPage} />
              <Route path="/channels/:id">{({ id }) => <ScorecardPage key={id} id={id} />}</Route>
              <Route path="/approvals">{() => <ApprovalsPage />}</Route>
              <Route path="/approvals/:id">{({ id }) => <ApprovalsPage id={id} />}</Route>
              <Route path="/governance" component={GovernanceRulesPage} />
              <Route path="/switches" component={SwitchesPage} />
              <Route path="/members" component={MembersPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/policy" component={PolicyPage} />
              <Route component={MissingPage} />
            </Switch>
          </Suspense>
        ) : (
          <div className="page">
            <ProblemPanel problem={problem} retry={() => again({ requestPolicy: "network-only" })} />
          </div>
        )}
      </Shell>
    </ViewerIs>
  );
}
