import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { LineageLink } from "../../components/lineage-link.js";
import { useAnnounce } from "../../components/live-region.js";
import { useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { Repairs } from "./repairs.js";
import { CAUSES, differenceHref, TASK_BADGES } from "./words.js";

const TaskRow_Task = graphql(/* GraphQL */ `
  fragment TaskRow_Task on CorrectionTask {
    id
    state
    cause
    why
    openedAt
    takenByName
    closedBy
    closedAt
    closedWhy
    incidentId
    episode {
      id
      label
      title
    }
    source {
      id
      label
      title
    }
    owners {
      id
      title
    }
  }
`);
const TaskRow_Take = graphql(/* GraphQL */ `
  mutation TaskRow_Take($input: TakeCorrectionTaskInput!) {
    takeCorrectionTask(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const TaskRow_Close = graphql(/* GraphQL */ `
  mutation TaskRow_Close($input: CloseCorrectionTaskInput!) {
    closeCorrectionTask(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

type Asking = "take" | "DONE" | "DROPPED";
const FORMS = {
  take: { name: "Take the task", submit: "Take it", done: "The task is yours" },
  DONE: { name: "Close the task as done", submit: "It is done", done: "The task is done" },
  DROPPED: { name: "Drop the task", submit: "Drop it", done: "The task is dropped" },
} as const satisfies Record<Asking, object>;

interface Props {
  readonly task: FragmentType<typeof TaskRow_Task>;
  changed(): void;
}

/** One live episode that stands on what fell. */
export function TaskRow({ task, changed }: Props) {
  const one = readFragment(TaskRow_Task, task);
  const [take, close] = [useAct(TaskRow_Take), useAct(TaskRow_Close)];
  const may = useMay("claim.write");
  const announce = useAnnounce();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [open, setOpen] = useState(false);
  const goesOn = one.state === "OPEN" || one.state === "IN_PROGRESS";
  const act = asking === "take" ? take : close;
  return (
    <li>
      <div className="row">
        <span className="row-text">
          <span className="row-title">
            {one.episode == null ? "An episode" : <LineageLink node={one.episode}>{one.episode.title}</LineageLink>}
          </span>
          <span>
            {one.source == null ? "Its source" : <LineageLink node={one.source}>{one.source.title}</LineageLink>}{" "}
            {CAUSES[one.cause]}, <Instant at={one.openedAt} />
          </span>
          {one.why.split("\n").map((line) => (
            <span key={line} className="row-detail">
              {line}
            </span>
          ))}
          <span className="row-detail">
            {one.owners.length === 0
              ? "nobody answers for it"
              : `answers for it: ${one.owners.map((owner) => owner.title).join(", ")}`}
            {one.takenByName != null && ` · taken by ${one.takenByName}`}
            {one.closedAt != null && (
              <>
                {" "}
                · closed by {one.closedBy}, <Instant at={one.closedAt} />: {one.closedWhy}
              </>
            )}
          </span>
          <span className="row-detail">
            {one.episode != null && (
              <Link href={differenceHref(one.episode.id, one.openedAt)} className="link">
                Before and after
              </Link>
            )}{" "}
            ·{" "}
            <Link href={`/blast-radius?show=all&incident=${encodeURIComponent(one.incidentId)}`} className="link">
              All that fell with it
            </Link>
          </span>
        </span>
        <Badge {...TASK_BADGES[one.state]} />
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide repairs" : "Repairs"}
          </Button>
          {goesOn && may && asking === null && (
            <>
              <Button size="xs" variant="default" onClick={() => setAsking("take")}>
                Take
              </Button>
              <Button size="xs" variant="default" onClick={() => setAsking("DONE")}>
                Done
              </Button>
              <Button size="xs" variant="default" onClick={() => setAsking("DROPPED")}>
                Drop
              </Button>
            </>
          )}
        </Group>
      </div>
      {asking !== null && goesOn && (
        <ActForm
          name={FORMS[asking].name}
          submit={FORMS[asking].submit}
          busy={act.busy}
          problems={act.problems}
          cancel={() => setAsking(null)}
          onSubmit={async (given) => {
            const done =
              asking === "take"
                ? await take.act({ ...given, taskId: one.id })
                : await close.act({ ...given, taskId: one.id, state: asking });
            if (done === null) return false;
            announce(FORMS[asking].done);
            setAsking(null);
            changed();
            return true;
          }}
        />
      )}
      {open && <Repairs taskId={one.id} />}
    </li>
  );
}
