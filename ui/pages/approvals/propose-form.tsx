import { Select } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { useLocation } from "wouter";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";

const ProposeForm_Episodes = graphql(/* GraphQL */ `
  query ProposeForm_Episodes {
    episodes(filter: { status: [DRAFT, IN_REVIEW] }, first: 100) {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`);
const ProposeForm_Propose = graphql(/* GraphQL */ `
  mutation ProposeForm_Propose($input: ProposeInput!) {
    propose(input: $input) {
      proposal {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);

/** Proposes an episode that isn't live yet; proposing again binds the proposal to what it has become. */
export function ProposeForm({ proposed }: { proposed(): void }) {
  const [{ data }] = useQuery({ query: ProposeForm_Episodes });
  const propose = useAct(ProposeForm_Propose);
  const announce = useAnnounce();
  const [, navigate] = useLocation();
  const [subjectId, setSubjectId] = useState<string | null>(null);
  const episodes = data?.episodes.edges ?? [];
  return (
    <section className="panel" aria-labelledby="propose-title">
      <h2 id="propose-title">Propose to publish</h2>
      {data !== undefined && episodes.length === 0 ? (
        <p className="panel-empty">There is no draft, and nothing in review.</p>
      ) : (
        <ActForm
          name="Propose to publish"
          submit="Propose"
          busy={propose.busy}
          problems={propose.problems}
          missing={subjectId === null ? "Choose an episode." : null}
          onSubmit={async (given) => {
            if (subjectId === null) return false;
            const done = await propose.act({ ...given, action: "publishEpisode", subjectId });
            if (done === null) return false;
            announce("Proposed");
            setSubjectId(null);
            proposed();
            if (done.propose.proposal != null) navigate(`/approvals/${done.propose.proposal.id}`);
            return true;
          }}
        >
          <Select
            label="Episode"
            placeholder="Draft or in review"
            required
            searchable
            data={episodes.map(({ node }) => ({ value: node.id, label: node.title }))}
            value={subjectId}
            onChange={setSubjectId}
          />
        </ActForm>
      )}
    </section>
  );
}
