import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { NodePicker, type Picked } from "../../components/node-picker.js";
import { whoMay } from "../../components/rights.js";
import { useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const StartRun_Flow = graphql(/* GraphQL */ `
  fragment StartRun_Flow on OfferedFlow {
    flow
    title
    requires
    missing
  }
`);
const StartRun_Start = graphql(/* GraphQL */ `
  mutation StartRun_Start($input: StartRunInput!) {
    startRun(input: $input) {
      run {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);

const TOPIC = ["TOPIC"] as const;

interface Props {
  readonly flows: readonly FragmentType<typeof StartRun_Flow>[];
  readonly channels: readonly { readonly id: string; readonly title: string }[];
}

/** Starts a run of a flow, for a topic and a channel where it needs them. */
export function StartRun({ flows: masked, channels }: Props) {
  const flows = masked.map((one) => readFragment(StartRun_Flow, one));
  const start = useAct(StartRun_Start);
  const announce = useAnnounce();
  const [, navigate] = useLocation();
  const [name, setName] = useState(flows.some(({ flow }) => flow === "episode") ? "episode" : (flows[0]?.flow ?? ""));
  const [topic, setTopic] = useState<Picked | null>(null);
  const [channelId, setChannelId] = useState(channels[0]?.id ?? "");
  const may = useMay("run.start");
  const flow = flows.find((one) => one.flow === name);
  const needs = (what: string) => flow?.requires.includes(what) ?? false;
  const missing =
    flow === undefined
      ? "Choose a flow."
      : flow.missing.length > 0
        ? `It needs executors that aren’t installed: ${flow.missing.join(", ")}.`
        : needs("topic") && topic === null
          ? "Choose a topic."
          : needs("channel") && channelId === ""
            ? "It needs a channel; create one first."
            : null;
  return (
    <section className="panel start-run" aria-labelledby="start-title">
      <h2 id="start-title">Start a run</h2>
      {may ? (
        <ActForm
          name="Start a run"
          submit="Start"
          busy={start.busy}
          problems={start.problems}
          missing={missing}
          onSubmit={async ({ reason }) => {
            const done = await start.act({
              reason,
              flow: name,
              topicId: needs("topic") ? (topic?.id ?? null) : null,
              channelId: needs("channel") ? channelId : null,
            });
            if (done === null) return false;
            announce("Started");
            if (done.startRun.run != null) navigate(`/runs/${done.startRun.run.id}`);
            return true;
          }}
        >
          <NativeSelect
            label="Flow to start"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data={flows.map((one) => ({ value: one.flow, label: one.title }))}
          />
          {needs("topic") && <NodePicker label="Topic" labels={TOPIC} required value={topic} onChange={setTopic} />}
          {needs("channel") && (
            <NativeSelect
              label="For the channel"
              value={channelId}
              onChange={(event) => setChannelId(event.currentTarget.value)}
              data={channels.map(({ id, title }) => ({ value: id, label: title }))}
            />
          )}
        </ActForm>
      ) : (
        <p className="panel-empty">To start one is for these roles: {whoMay("run.start")}.</p>
      )}
    </section>
  );
}
