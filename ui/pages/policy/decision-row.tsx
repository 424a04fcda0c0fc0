import { Button } from "@mantine/core";
import { useState } from "react";
import { Badge } from "../../components/governance/badge.js";
import { Json } from "../../components/governance/json.js";
import { Instant } from "../../components/instant.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { DeniedRules } from "./denied-rules.js";

const DecisionRow_Decision = graphql(/* GraphQL */ `
  fragment DecisionRow_Decision on PolicyDecision {
    at
    actor
    actorName
    onBehalfOf
    command
    capability
    allowed
    operationId
    decisionInput
    denied {
      ...DeniedRules_Rule
    }
  }
`);

interface Props {
  readonly decision: FragmentType<typeof DecisionRow_Decision>;
  /** Takes what it rested on to the bench. */
  test(input: string): void;
}

export function DecisionRow({ decision, test }: Props) {
  const one = readFragment(DecisionRow_Decision, decision);
  const [open, setOpen] = useState(false);
  const { decisionInput } = one;
  return (
    <li>
      <div className="row">
        <span className="row-text">
          <span className="row-title">
            {one.actorName ?? one.actor}
            {one.onBehalfOf != null && ` for ${one.onBehalfOf}`}: {one.command}
          </span>
          <DeniedRules rules={one.denied} />
          <span className="row-detail">
            {one.capability} · <Instant at={one.at} />
          </span>
        </span>
        <Badge text={one.allowed ? "Allowed" : "Denied"} tone={one.allowed ? "good" : "bad"} />
        {decisionInput != null && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={open}
            aria-label={`${open ? "Less" : "What it rested on"}: ${one.command}, ${one.operationId}`}
            onClick={() => setOpen(!open)}
          >
            {open ? "Less" : "What it rested on"}
          </Button>
        )}
      </div>
      {open && decisionInput != null && (
        <>
          <Json text={decisionInput} name="What the decision rested on" />
          <Button size="compact-xs" variant="default" onClick={() => test(decisionInput)}>
            Ask it again on the bench
          </Button>
        </>
      )}
    </li>
  );
}
