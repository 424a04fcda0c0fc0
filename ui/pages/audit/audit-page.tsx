import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";
import { problemOf } from "../../api/problem.js";
import { GovernancePage } from "../../components/governance/governance-page.js";
import { usePages } from "../../components/governance/use-pages.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { AuditEntryFilter } from "../../gql/graphql.js";
import { AuditRow } from "./audit-row.js";
import { Verification } from "./verification.js";

const AuditPage_Entries = graphql(/* GraphQL */ `
  query AuditPage_Entries($filter: AuditEntryFilter, $after: String) {
    auditEntries(filter: $filter, first: 20, after: $after) {
      totalCount
      totalIsExact
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          ...AuditRow_Entry
        }
      }
    }
  }
`);

const FIELDS = ["text", "actor", "capability", "operationId", "outcome", "from", "to"] as const;

/** What the address asks for, so that a search can be sent to somebody. */
function filterOf(params: URLSearchParams): AuditEntryFilter {
  const given = Object.fromEntries(FIELDS.map((name) => [name, params.get(name) || undefined]));
  for (const name of ["from", "to"] as const) {
    const at = new Date(given[name] ?? "");
    given[name] = Number.isNaN(at.getTime()) ? undefined : at.toISOString();
  }
  return given as AuditEntryFilter;
}

/** Who did or was refused what, when and why; and whether the log is as it was sealed. */
export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const pages = usePages();
  const [{ data, error, fetching }, again] = useQuery({
    query: AuditPage_Entries,
    variables: { filter: filterOf(params), after: pages.after },
  });
  const [draft, setDraft] = useState(() => Object.fromEntries(FIELDS.map((name) => [name, params.get(name) ?? ""])));
  const field = (name: (typeof FIELDS)[number]) => ({
    size: "xs",
    value: draft[name] ?? "",
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setDraft((last) => ({ ...last, [name]: value }));
    },
  });
  const ask = (asked: Readonly<Record<string, string>>) => {
    pages.reset();
    setParams(Object.entries(asked).filter(([, value]) => value !== ""));
  };
  const edges = data?.auditEntries.edges ?? [];
  return (
    <GovernancePage
      title="Audit"
      about="Every change and every refusal, in the order it was recorded. Entries are sealed into a tree whose signed checkpoints are kept outside the database."
    >
      <div className="stack">
        <Verification />
        <section className="panel" aria-labelledby="entries-title" aria-busy={fetching}>
          <h2 id="entries-title">Entries</h2>
          <form
            className="filters"
            aria-label="Search the audit"
            onSubmit={(event) => {
              event.preventDefault();
              ask(draft);
            }}
          >
            <TextInput label="Words" placeholder="In reasons and commands" {...field("text")} />
            <TextInput label="Who" placeholder="Login" {...field("actor")} />
            <TextInput label="Capability" placeholder="episode.publish" {...field("capability")} />
            <TextInput label="Operation" placeholder="Operation id" {...field("operationId")} />
            <NativeSelect
              label="Outcome"
              {...field("outcome")}
              data={[
                { value: "", label: "Any" },
                { value: "DONE", label: "Done" },
                { value: "REFUSED", label: "Refused" },
              ]}
            />
            <TextInput type="datetime-local" label="From" {...field("from")} />
            <TextInput type="datetime-local" label="To" {...field("to")} />
            <Button type="submit" size="xs">
              Search
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setDraft({});
                ask({});
              }}
            >
              Clear
            </Button>
          </form>
          {error !== undefined && (
            <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
          )}
          {data === undefined && fetching && <Waiting what="Searching the audit" />}
          {data !== undefined && edges.length === 0 && (
            <p className="panel-empty">No entry matches. Ask for less at once, or clear the search.</p>
          )}
          {edges.length > 0 && (
            <div className="sheet-scroll">
              <table className="sheet">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Who</th>
                    <th scope="col">What</th>
                    <th scope="col">Why</th>
                    <th scope="col">Outcome</th>
                    <th scope="col">Place</th>
                    <th scope="col">
                      <span className="count-line">Entry</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {edges.map(({ node }) => (
                    <AuditRow key={node.id} entry={node} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {data !== undefined && edges.length > 0 && pages.buttons(data.auditEntries)}
        </section>
      </div>
    </GovernancePage>
  );
}
