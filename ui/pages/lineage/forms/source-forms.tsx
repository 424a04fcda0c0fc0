import { Select, TextInput } from "@mantine/core";
import { useContext, useState } from "react";
import { useLocation } from "wouter";
import { useAct } from "../../../api/use-act.js";
import { ActForm } from "../../../components/governance/act-form.js";
import { useAnnounce } from "../../../components/live-region.js";
import { NodePicker, type Picked } from "../../../components/node-picker.js";
import { whoMay } from "../../../components/rights.js";
import { useMay } from "../../../components/viewer.js";
import { graphql } from "../../../gql/gql.js";
import type { Reliability, SourceForms_SourceQuery } from "../../../gql/graphql.js";
import { CardContext } from "../cards/parts.js";
import { useCard } from "../cards/use-card.js";
import type { FormsProps } from "./change-panel.js";
import { Fold } from "./fold.js";

const SourceForms_Source = graphql(/* GraphQL */ `
  query SourceForms_Source($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      version
      ... on Source {
        tier
        reliability
        independenceGroup
        status
      }
    }
  }
`);
const SourceForms_Rate = graphql(/* GraphQL */ `
  mutation SourceForms_Rate($input: SetSourceRatingInput!) {
    setSourceRating(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const SourceForms_Supersede = graphql(/* GraphQL */ `
  mutation SourceForms_Supersede($input: SupersedeSourceInput!) {
    supersedeSource(input: $input) {
      claims
      problems {
        message
        path
      }
    }
  }
`);
const SourceForms_Retract = graphql(/* GraphQL */ `
  mutation SourceForms_Retract($input: RetractSourceInput!) {
    retractSource(input: $input) {
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

type Source = Extract<NonNullable<SourceForms_SourceQuery["node"]>, { readonly __typename: "Source" }>;
interface PartProps {
  readonly source: Source;
  readonly done: (words: string) => void;
}

const TIERS = [
  { value: "1", label: "1, primary or official" },
  { value: "2", label: "2, edited secondary" },
  { value: "3", label: "3, anything else" },
];
const RELIABILITIES = [
  { value: "A", label: "A, completely reliable" },
  { value: "B", label: "B, usually reliable" },
  { value: "C", label: "C, fairly reliable" },
  { value: "D", label: "D, not usually reliable" },
  { value: "E", label: "E, unreliable" },
  { value: "F", label: "F, can't be judged" },
] satisfies { value: Reliability; label: string }[];

function Rate({ source, done }: PartProps) {
  const { act, busy, problems } = useAct(SourceForms_Rate);
  const [tier, setTier] = useState(String(source.tier));
  const [reliability, setReliability] = useState<Reliability>(source.reliability);
  const [group, setGroup] = useState(source.independenceGroup);
  const changed = {
    ...(Number(tier) !== source.tier && { tier: Number(tier) }),
    ...(reliability !== source.reliability && { reliability }),
    ...(group.trim() !== source.independenceGroup && { independenceGroup: group.trim() }),
  };
  const missing =
    group.trim() === ""
      ? "The group needs a name."
      : Object.keys(changed).length === 0
        ? "Nothing is changed yet."
        : null;
  return (
    <ActForm
      name="Rate the source"
      submit="Set the rating"
      busy={busy}
      problems={problems}
      missing={missing}
      onSubmit={async (given) => {
        const answer = await act({ ...given, ...changed, sourceId: source.id, version: source.version });
        if (answer !== null) done("Rating set");
        return answer !== null;
      }}
    >
      <Select
        label="Tier"
        data={TIERS}
        value={tier}
        allowDeselect={false}
        onChange={(value) => value !== null && setTier(value)}
      />
      <Select
        label="Reliability"
        data={RELIABILITIES}
        value={reliability}
        allowDeselect={false}
        onChange={(value) => value !== null && setReliability(value as Reliability)}
      />
      <TextInput
        label="Independence group"
        description="Sources of one owner or one wire copy share it, and count once"
        required
        maxLength={200}
        value={group}
        onChange={(event) => setGroup(event.currentTarget.value)}
      />
    </ActForm>
  );
}

function Supersede({ source, done }: PartProps) {
  const { act, busy, problems } = useAct(SourceForms_Supersede);
  const [by, setBy] = useState<Picked | null>(null);
  return (
    <ActForm
      name="Supersede the source"
      submit="Supersede it"
      busy={busy}
      problems={problems}
      missing={by === null ? "Choose what took its place." : null}
      onSubmit={async (given) => {
        if (by === null) return false;
        const answer = await act({ ...given, sourceId: source.id, byId: by.id });
        if (answer !== null) {
          const claims = answer.supersedeSource.claims ?? 0;
          done(`Superseded; ${claims.toLocaleString("en")} ${claims === 1 ? "claim needs" : "claims need"} a check`);
        }
        return answer !== null;
      }}
    >
      <NodePicker
        label="The source that took its place"
        description="Such as a new edition. Every claim that stands on the old one needs a check then"
        labels={["SOURCE"]}
        except={source.id}
        required
        value={by}
        onChange={setBy}
      />
    </ActForm>
  );
}

function Retract({ source, done }: PartProps) {
  const { act, busy, problems } = useAct(SourceForms_Retract);
  const [, navigate] = useLocation();
  return (
    <ActForm
      name="Propose to retract the source"
      submit="Propose to retract"
      tone="bad"
      busy={busy}
      problems={problems}
      onSubmit={async (given) => {
        const answer = await act({ ...given, sourceId: source.id });
        if (answer === null) return false;
        done("Proposed; others decide");
        const proposal = answer.retractSource.proposal;
        if (proposal != null) navigate(`/approvals/${proposal.id}`);
        return true;
      }}
    >
      <p className="card-note">
        It can’t be taken back, so others must approve. “What stands on it” lists what it would touch.
      </p>
    </ActForm>
  );
}

/** Rate, supersede, propose to retract. */
export function SourceForms({ id, onChanged }: FormsProps) {
  return (
    <CardContext value={{ ...useContext(CardContext), asOf: null }}>
      <Forms id={id} onChanged={onChanged} />
    </CardContext>
  );
}

function Forms({ id, onChanged }: FormsProps) {
  const { node: source, instead, again } = useCard(SourceForms_Source, id);
  const may = useMay("evidence.write");
  const mayRetract = useMay("source.retract");
  const announce = useAnnounce();
  if (source?.__typename !== "Source") return instead;
  const barred = may ? null : `Your role can't change sources. Those may: ${whoMay("evidence.write")}.`;
  const retracting =
    source.status === "RETRACTED"
      ? "It is retracted already."
      : mayRetract
        ? null
        : `Your role can't propose it. Those may: ${whoMay("source.retract")}.`;
  const done = (close: () => void) => (words: string) => {
    announce(words);
    close();
    again();
    onChanged();
  };
  return (
    <>
      <Fold title="Rate" about="tier, reliability, whom it counts with as one" barred={barred}>
        {(close) => <Rate key={source.version} source={source} done={done(close)} />}
      </Fold>
      <Fold title="Supersede" about="another source took its place" barred={barred}>
        {(close) => <Supersede source={source} done={done(close)} />}
      </Fold>
      <Fold title="Propose to retract" about="it no longer holds; others approve" barred={retracting}>
        {(close) => <Retract source={source} done={done(close)} />}
      </Fold>
    </>
  );
}
