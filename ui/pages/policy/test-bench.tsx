import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { graphql } from "../../gql/gql.js";
import type { TestBench_TestQuery } from "../../gql/graphql.js";
import { DeniedRules } from "./denied-rules.js";

const TestBench_Test = graphql(/* GraphQL */ `
  query TestBench_Test($input: String!) {
    policyTest(input: $input) {
      allow
      approvals
      policy
      denied {
        ...DeniedRules_Rule
      }
      candidate {
        allow
        policy
        denied {
          ...DeniedRules_Rule
        }
      }
    }
  }
`);

interface Props {
  readonly question: string;
  setQuestion(text: string): void;
}

/** Asks the policy a question that is made up: nothing is read, changed or logged. */
export function TestBench({ question, setQuestion }: Props) {
  const client = useClient();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<TestBench_TestQuery["policyTest"] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async () => {
    setBusy(true);
    const { data, error } = await client
      .query(TestBench_Test, { input: question }, { requestPolicy: "network-only" })
      .toPromise();
    setBusy(false);
    setProblem(error === undefined ? null : problemOf(error));
    setSaid(data?.policyTest ?? null);
    if (data?.policyTest !== undefined) announce(data.policyTest.allow ? "It would be allowed" : "It would be denied");
  };
  return (
    <section className="panel" aria-labelledby="bench-title">
      <h2 id="bench-title">Test bench</h2>
      <form
        className="act-form"
        aria-label="Test bench"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Textarea
          label="Question"
          description="What a decision rests on, as JSON; take one from a decision above and change it. Nothing is changed or logged."
          required
          autosize
          minRows={4}
          maxRows={16}
          spellCheck={false}
          classNames={{ input: "bench-input" }}
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" size="sm" loading={busy}>
            Ask the policy
          </Button>
        </div>
      </form>
      {problem !== null && <ProblemPanel problem={problem} />}
      {said !== null && (
        <div className="bench-answer">
          <Badge text={said.allow ? "Would be allowed" : "Would be denied"} tone={said.allow ? "good" : "bad"} />
          <DeniedRules rules={said.denied} />
          <p className="count-line">
            {said.approvals === 0
              ? "It needs no approver."
              : `Approvers it needs beside the proposer: ${said.approvals}.`}{" "}
            Policy <code>{said.policy.slice(0, 12)}</code>
          </p>
          {said.candidate != null && (
            <>
              <h3>The candidate policy</h3>
              <Badge
                text={said.candidate.allow ? "Would be allowed" : "Would be denied"}
                tone={said.candidate.allow ? "good" : "bad"}
              />
              <DeniedRules rules={said.candidate.denied} />
            </>
          )}
        </div>
      )}
    </section>
  );
}
