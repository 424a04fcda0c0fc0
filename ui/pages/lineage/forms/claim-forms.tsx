import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { useContext, useState } from "react";
import { useAct } from "../../../api/use-act.js";
import { ActForm } from "../../../components/governance/act-form.js";
import { useAnnounce } from "../../../components/live-region.js";
import { NodePicker, type Picked } from "../../../components/node-picker.js";
import { whoMay } from "../../../components/rights.js";
import { useMay } from "../../../components/viewer.js";
import { graphql } from "../../../gql/gql.js";
import type { ClaimForms_ClaimQuery, ClaimKind, ClaimStatus } from "../../../gql/graphql.js";
import { CardContext } from "../cards/parts.js";
import { useCard } from "../cards/use-card.js";
import type { FormsProps } from "./change-panel.js";
import { Fold } from "./fold.js";

const ClaimForms_Claim = graphql(/* GraphQL */ `
  query ClaimForms_Claim($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      version
      ... on Claim {
        text: title
        kind
        status
        recheckBy
      }
    }
  }
`);
const ClaimForms_Revise = graphql(/* GraphQL */ `
  mutation ClaimForms_Revise($input: ReviseClaimInput!) {
    reviseClaim(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const ClaimForms_Status = graphql(/* GraphQL */ `
  mutation ClaimForms_Status($input: SetClaimStatusInput!) {
    setClaimStatus(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const ClaimForms_Conflict = graphql(/* GraphQL */ `
  mutation ClaimForms_Conflict($input: RecordConflictInput!) {
    recordConflict(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

type Claim = Extract<NonNullable<ClaimForms_ClaimQuery["node"]>, { readonly __typename: "Claim" }>;

const KINDS = [
  { value: "PRICE", label: "price" },
  { value: "COUNT", label: "count" },
  { value: "OFFICE_HOLDER", label: "office holder" },
  { value: "PRODUCT", label: "product" },
  { value: "LAW", label: "law" },
  { value: "SCIENCE", label: "science" },
  { value: "HISTORY", label: "history" },
  { value: "OTHER", label: "other" },
] satisfies { value: ClaimKind; label: string }[];
const STATUSES = [
  { value: "STATED", label: "stated: it holds, as far as is known" },
  { value: "NEEDS_RECHECK", label: "needs a recheck; not thereby wrong" },
  { value: "WRONG", label: "wrong" },
] satisfies { value: ClaimStatus; label: string }[];

const dayOf = (iso: string | null | undefined) => iso?.slice(0, 10) ?? "";

function Revise({ claim, done }: { readonly claim: Claim; readonly done: (words: string) => void }) {
  const { act, busy, problems } = useAct(ClaimForms_Revise);
  const [text, setText] = useState(claim.text);
  const [kind, setKind] = useState<ClaimKind>(claim.kind);
  const [recheckBy, setRecheckBy] = useState(dayOf(claim.recheckBy));
  const [holds, setHolds] = useState(false);
  const reworded = text.trim() !== claim.text;
  const changed = {
    ...(reworded && { text: text.trim() }),
    ...(kind !== claim.kind && { kind }),
    ...(recheckBy !== dayOf(claim.recheckBy) && recheckBy !== "" && { recheckBy: new Date(recheckBy).toISOString() }),
  };
  const missing =
    text.trim() === "" ? "A claim needs words." : Object.keys(changed).length === 0 ? "Nothing is changed yet." : null;
  return (
    <ActForm
      name="Revise the claim"
      submit="Revise"
      busy={busy}
      problems={problems}
      missing={missing}
      onSubmit={async (given) => {
        const judged = reworded && holds ? { status: "STATED" as const } : {};
        const answer = await act({ ...given, ...changed, ...judged, claimId: claim.id, version: claim.version });
        if (answer !== null) done("Revised");
        return answer !== null;
      }}
    >
      <Textarea
        label="Its words"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {reworded && (
        <Checkbox
          label="I have checked that it holds in these words"
          description="Without this it needs a recheck: its evidence was judged in the old ones"
          checked={holds}
          onChange={(event) => setHolds(event.currentTarget.checked)}
        />
      )}
      <Select
        label="What it is about"
        data={KINDS}
        value={kind}
        allowDeselect={false}
        onChange={(value) => value !== null && setKind(value as ClaimKind)}
      />
      <TextInput
        type="date"
        label="Check again by"
        value={recheckBy}
        onChange={(event) => setRecheckBy(event.currentTarget.value)}
      />
    </ActForm>
  );
}

function Status({ claim, done }: { readonly claim: Claim; readonly done: (words: string) => void }) {
  const { act, busy, problems } = useAct(ClaimForms_Status);
  const [status, setStatus] = useState<ClaimStatus | null>(null);
  return (
    <ActForm
      name="Set the claim's status"
      submit="Set the status"
      busy={busy}
      problems={problems}
      missing={status === null ? "Choose a status." : null}
      onSubmit={async (given) => {
        if (status === null) return false;
        const answer = await act({ ...given, claimId: claim.id, status });
        if (answer !== null) done("Status set");
        return answer !== null;
      }}
    >
      <Select
        label="Status"
        required
        data={STATUSES.filter(({ value }) => value !== claim.status)}
        value={status}
        onChange={(value) => setStatus(value as ClaimStatus | null)}
      />
    </ActForm>
  );
}

function Conflict({ claim, done }: { readonly claim: Claim; readonly done: (words: string) => void }) {
  const { act, busy, problems } = useAct(ClaimForms_Conflict);
  const [other, setOther] = useState<Picked | null>(null);
  return (
    <ActForm
      name="Record a conflict"
      submit="Record it"
      busy={busy}
      problems={problems}
      missing={other === null ? "Choose the other claim." : null}
      onSubmit={async (given) => {
        if (other === null) return false;
        const answer = await act({ ...given, claimId: claim.id, otherId: other.id });
        if (answer !== null) done("Conflict recorded");
        return answer !== null;
      }}
    >
      <NodePicker
        label="The claim that contradicts it"
        description="Both stay as they are; a decision may hold to one later"
        labels={["CLAIM"]}
        except={claim.id}
        required
        value={other}
        onChange={setOther}
      />
    </ActForm>
  );
}

/** Revise, set the status, record a conflict. */
export function ClaimForms({ id, onChanged }: FormsProps) {
  // What is changed is what holds now, whatever instant is looked at.
  return (
    <CardContext value={{ ...useContext(CardContext), asOf: null }}>
      <Forms id={id} onChanged={onChanged} />
    </CardContext>
  );
}

function Forms({ id, onChanged }: FormsProps) {
  const { node: claim, instead, again } = useCard(ClaimForms_Claim, id);
  const may = useMay("claim.write");
  const announce = useAnnounce();
  if (claim?.__typename !== "Claim") return instead;
  const barred = may ? null : `Your role can't change claims. Those may: ${whoMay("claim.write")}.`;
  const done = (close: () => void) => (words: string) => {
    announce(words);
    close();
    again();
    onChanged();
  };
  return (
    <>
      <Fold title="Revise" about="other words, kind or shelf life: a new version" barred={barred}>
        {(close) => <Revise key={claim.version} claim={claim} done={done(close)} />}
      </Fold>
      <Fold title="Set its status" about="needs a recheck, wrong, or stated again" barred={barred}>
        {(close) => <Status claim={claim} done={done(close)} />}
      </Fold>
      <Fold title="Record a conflict" about="another claim says the contrary; both stay" barred={barred}>
        {(close) => <Conflict claim={claim} done={done(close)} />}
      </Fold>
    </>
  );
}
