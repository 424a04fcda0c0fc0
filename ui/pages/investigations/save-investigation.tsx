import { Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";

const SaveInvestigation_Save = graphql(/* GraphQL */ `
  mutation SaveInvestigation_Save($input: SaveInvestigationInput!) {
    saveInvestigation(input: $input) {
      investigation {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);
export const SaveInvestigation_Share = graphql(/* GraphQL */ `
  mutation SaveInvestigation_Share($input: ShareInvestigationInput!) {
    shareInvestigation(input: $input) {
      investigation {
        id
      }
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly opened: boolean;
  /** The address of the view, which is all there is to keep. */
  readonly address: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** Keeps a view under a name, and shares it with the studio when that is wanted. */
export function SaveInvestigation({ opened, address, title, onClose }: Props) {
  const { act, busy, problems } = useAct(SaveInvestigation_Save);
  const share = useAct(SaveInvestigation_Share);
  const announce = useAnnounce();
  const [name, setName] = useState(title.slice(0, 200));
  const [shared, setShared] = useState(false);
  return (
    <Modal opened={opened} onClose={onClose} title="Save this view" size="md">
      <ActForm
        name="Save this view"
        submit="Save"
        busy={busy || share.busy}
        problems={[...problems, ...share.problems]}
        missing={name.trim() === "" ? "It needs a name." : null}
        onSubmit={async (given) => {
          const state = JSON.stringify({ address });
          const done = await act({ ...given, title: name.trim(), state, investigationId: null, version: null });
          const id = done?.saveInvestigation.investigation?.id;
          if (id === undefined) return false;
          if (shared && (await share.act({ ...given, investigationId: id, shared: true })) === null) return false;
          announce(shared ? "Saved and shared" : "Saved");
          onClose();
          return true;
        }}
      >
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="Share with the studio, to read"
          checked={shared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
      </ActForm>
    </Modal>
  );
}
