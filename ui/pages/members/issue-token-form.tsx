import { MultiSelect, NativeSelect, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { graphql } from "../../gql/gql.js";
import type { PrincipalKind } from "../../gql/graphql.js";
import { STOPPABLE } from "../switches/stoppable.js";

const IssueTokenForm_Issue = graphql(/* GraphQL */ `
  mutation IssueTokenForm_Issue($input: IssueTokenInput!) {
    issueToken(input: $input) {
      token
      problems {
        message
        path
      }
    }
  }
`);

export interface Member {
  readonly id: string;
  readonly title: string;
  readonly kind: PrincipalKind;
}
interface Props {
  readonly members: readonly Member[];
  issued(token: string): void;
}

const options = (members: readonly Member[]) => members.map(({ id, title }) => ({ value: id, label: title }));
const DAYS = 30;

export function IssueTokenForm({ members, issued }: Props) {
  const issue = useAct(IssueTokenForm_Issue);
  const machines = members.filter(({ kind }) => kind !== "HUMAN");
  const people = members.filter(({ kind }) => kind === "HUMAN");
  const [principal, setPrincipal] = useState("");
  const [owner, setOwner] = useState("");
  const [behalf, setBehalf] = useState("");
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState<string | number>(DAYS);
  const principalId = principal || machines[0]?.id;
  const ownerId = owner || people[0]?.id;
  if (principalId === undefined || ownerId === undefined)
    return (
      <p className="panel-empty">
        A token is for an agent or a service, and a person answers for it: register{" "}
        {principalId === undefined ? "an agent or a service" : "a person"} first.
      </p>
    );
  return (
    <ActForm
      name="Issue a token"
      submit="Issue"
      busy={issue.busy}
      problems={issue.problems}
      missing={scopes.length === 0 ? "Choose what it may do." : null}
      onSubmit={async (given) => {
        const expiresInDays = Number(days) || DAYS;
        const onBehalfOfId = behalf === "" ? null : behalf;
        const done = await issue.act({ ...given, principalId, ownerId, onBehalfOfId, scopes, expiresInDays });
        if (done === null || done.issueToken.token == null) return false;
        issued(done.issueToken.token);
        return true;
      }}
    >
      <NativeSelect
        label="Who acts with it"
        value={principalId}
        onChange={(event) => setPrincipal(event.currentTarget.value)}
        data={options(machines)}
      />
      <NativeSelect
        label="Who answers for it"
        value={ownerId}
        onChange={(event) => setOwner(event.currentTarget.value)}
        data={options(people)}
      />
      <NativeSelect
        label="Acts for"
        description="It may then do only what that person may, too"
        value={behalf}
        onChange={(event) => setBehalf(event.currentTarget.value)}
        data={[{ value: "", label: "Itself" }, ...options(people)]}
      />
      <MultiSelect label="What it may do" data={[...STOPPABLE]} value={scopes} onChange={setScopes} />
      <NumberInput label="Days" description="1 to 366" min={1} max={366} value={days} onChange={setDays} />
    </ActForm>
  );
}
