import { Button } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { whoMay } from "../../components/rights.js";
import { useActor, useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { standingTry } from "./stage-columns.js";

const RunActs_Run = graphql(/* GraphQL */ `
  fragment RunActs_Run on PipelineRun {
    id
    runStatus: status
    startedBy
    stages {
      id
      stage
      attempt
      superseded
      status
      waitingFor
      problem
    }
  }
`);
const RunActs_Cancel = graphql(/* GraphQL */ `
  mutation RunActs_Cancel($input: CancelRunInput!) {
    cancelRun(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const RunActs_Resume = graphql(/* GraphQL */ `
  mutation RunActs_Resume($input: ResumeRunInput!) {
    resumeRun(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const RunActs_Decide = graphql(/* GraphQL */ `
  mutation RunActs_Decide($input: DecideStageInput!) {
    decideStage(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly run: FragmentType<typeof RunActs_Run>;
  changed(): void;
}
type Choice = { readonly what: "cancel" | "resume" } | { readonly what: "approve" | "reject"; readonly stage: string };

const WORDS = {
  cancel: ["Cancel the run", "Cancel it now", "Cancelled"],
  resume: ["Go on with the run", "Go on", "It goes on"],
  approve: ["Approve the stage", "Approve now", "Approved"],
  reject: ["Reject the stage", "Reject now", "Rejected"],
} as const;

/** What can be done with a run where it stands: decide on a stage that asks, end it, or have it look again. */
export function RunActs({ run: masked, changed }: Props) {
  const { id, runStatus, startedBy, stages } = readFragment(RunActs_Run, masked);
  const cancel = useAct(RunActs_Cancel);
  const resume = useAct(RunActs_Resume);
  const decide = useAct(RunActs_Decide);
  const announce = useAnnounce();
  const [choice, setChoice] = useState<Choice | null>(null);
  const mayRun = useMay("run.start");
  const mayDecide = useMay("proposal.decide");
  const mine = useActor() === startedBy;
  const underWay = runStatus === "RUNNING" || runStatus === "WAITING";
  const asking = underWay
    ? [...new Set(stages.map(({ stage }) => stage))].flatMap((stage) => {
        const found = standingTry(stage, stages);
        return found?.status === "WAITING" && found.waitingFor === "APPROVAL" ? [found] : [];
      })
    : [];
  const act = choice === null ? null : choice.what === "cancel" ? cancel : choice.what === "resume" ? resume : decide;
  if (choice !== null && act !== null) {
    const [name, submit, said] = WORDS[choice.what];
    return (
      <ActForm
        key={choice.what}
        name={"stage" in choice ? `${name} ${choice.stage}` : name}
        submit={submit}
        busy={act.busy}
        problems={act.problems}
        {...((choice.what === "cancel" || choice.what === "reject") && { tone: "bad" as const })}
        cancel={() => setChoice(null)}
        onSubmit={async ({ reason }) => {
          const about = { reason, runId: id };
          const done =
            "stage" in choice
              ? await decide.act({ ...about, stage: choice.stage, approve: choice.what === "approve" })
              : await (choice.what === "cancel" ? cancel : resume).act(about);
          changed();
          if (done === null) return false;
          announce(said);
          setChoice(null);
          return true;
        }}
      />
    );
  }
  return (
    <>
      {asking.map(({ id: tried, stage, problem }) => (
        <div key={tried} className="notice" data-tone="info">
          <strong>{stage} asks:</strong> {problem ?? "Shall it begin?"}
          {mayDecide && !mine ? (
            <div className="act-row">
              <Button size="xs" onClick={() => setChoice({ what: "approve", stage })}>
                Approve {stage}
              </Button>
              <Button size="xs" variant="default" onClick={() => setChoice({ what: "reject", stage })}>
                Reject {stage}
              </Button>
            </div>
          ) : (
            <p className="count-line">
              {mine
                ? "You started the run, so somebody else decides."
                : `These roles decide: ${whoMay("proposal.decide")}.`}
            </p>
          )}
        </div>
      ))}
      {runStatus !== "DONE" && (
        <div className="act-row">
          {mayRun ? (
            <Button size="sm" variant="default" onClick={() => setChoice({ what: underWay ? "cancel" : "resume" })}>
              {underWay ? "Cancel the run" : "Go on with it"}
            </Button>
          ) : (
            <span className="count-line">
              To {underWay ? "cancel it" : "go on with it"} is for these roles: {whoMay("run.start")}.
            </span>
          )}
        </div>
      )}
    </>
  );
}
