import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useQuery } from "urql";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";
import type { SwitchScope } from "../../gql/graphql.js";
import { STOPPABLE } from "./stoppable.js";

const SetSwitchForm_Channels = graphql(/* GraphQL */ `
  query SetSwitchForm_Channels {
    channels(first: 100) {
      edges {
        node {
          id
          title
        }
      }
    }
  }
`);
const SetSwitchForm_Set = graphql(/* GraphQL */ `
  mutation SetSwitchForm_Set($input: SetKillSwitchInput!) {
    setKillSwitch(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

export function SetSwitchForm({ changed }: { changed(): void }) {
  const [{ data }] = useQuery({ query: SetSwitchForm_Channels });
  const set = useAct(SetSwitchForm_Set);
  const announce = useAnnounce();
  const [scope, setScope] = useState<SwitchScope>("CAPABILITY");
  const [channel, setChannel] = useState("");
  const [capability, setCapability] = useState<string>("episode.publish");
  const [until, setUntil] = useState("");
  const channels = data?.channels.edges ?? [];
  const target = { TENANT: null, CHANNEL: channel || (channels[0]?.node.id ?? null), CAPABILITY: capability }[scope];
  return (
    <ActForm
      name="Set a switch"
      submit="Stop it now"
      tone="bad"
      busy={set.busy}
      problems={set.problems}
      missing={scope === "CHANNEL" && target === null ? "There is no channel yet." : null}
      onSubmit={async (given) => {
        const expiresAt = until === "" ? null : new Date(until).toISOString();
        if ((await set.act({ ...given, scope, target, expiresAt })) === null) return false;
        announce("The switch is on");
        setUntil("");
        changed();
        return true;
      }}
    >
      <NativeSelect
        label="What to stop"
        value={scope}
        onChange={(event) => setScope(event.currentTarget.value as SwitchScope)}
        data={[
          { value: "CAPABILITY", label: "One kind of act" },
          { value: "CHANNEL", label: "One channel" },
          { value: "TENANT", label: "The whole studio" },
        ]}
      />
      {scope === "CAPABILITY" && (
        <NativeSelect
          label="Which acts"
          value={capability}
          onChange={(event) => setCapability(event.currentTarget.value)}
          data={[...STOPPABLE]}
        />
      )}
      {scope === "CHANNEL" && (
        <NativeSelect
          label="Which channel"
          value={target ?? ""}
          onChange={(event) => setChannel(event.currentTarget.value)}
          data={channels.map(({ node }) => ({ value: node.id, label: node.title }))}
        />
      )}
      <TextInput
        type="datetime-local"
        label="Until"
        description="Empty: until somebody lifts it"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </ActForm>
  );
}
