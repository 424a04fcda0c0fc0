import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Badge } from "../../components/governance/badge.js";
import { useAnnounce } from "../../components/live-region.js";
import { useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { ROLES } from "./roles.js";

const MemberRow_Principal = graphql(/* GraphQL */ `
  fragment MemberRow_Principal on Principal {
    id
    key
    title
    kind
    roles
    channels
  }
`);
const MemberRow_Grant = graphql(/* GraphQL */ `
  mutation MemberRow_Grant($input: GrantRoleInput!) {
    grantRole(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const MemberRow_Revoke = graphql(/* GraphQL */ `
  mutation MemberRow_Revoke($input: RevokeRoleInput!) {
    revokeRole(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

const KINDS = { HUMAN: "person", AGENT: "agent", SERVICE: "service" };

interface Props {
  readonly principal: FragmentType<typeof MemberRow_Principal>;
  changed(): void;
}

export function MemberRow({ principal, changed }: Props) {
  const one = readFragment(MemberRow_Principal, principal);
  const grant = useAct(MemberRow_Grant);
  const revoke = useAct(MemberRow_Revoke);
  const writes = useMay("principal.write");
  const announce = useAnnounce();
  const [way, setWay] = useState<"grant" | "revoke" | null>(null);
  const [chosen, setChosen] = useState("");
  const choices = way === "revoke" ? one.roles : ROLES.filter((role) => !one.roles.includes(role));
  const role = choices.find((known) => known === chosen) ?? choices[0];
  const act = way === "revoke" ? revoke : grant;
  return (
    <li>
      <div className="row">
        <span className="row-text">
          <span className="row-title">{one.title}</span>
          <span className="row-detail">
            {KINDS[one.kind]} · {one.key}
            {one.channels != null && ` · held to ${one.channels.join(", ")}`}
          </span>
        </span>
        <span className="badges">
          {one.roles.map((name) => (
            <Badge key={name} text={name} tone="info" />
          ))}
        </span>
        {writes && way === null && (
          <>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Grant ${one.title} a role`}
              onClick={() => setWay("grant")}
            >
              Grant
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              aria-label={`Revoke a role of ${one.title}`}
              disabled={one.roles.length === 0}
              onClick={() => setWay("revoke")}
            >
              Revoke
            </Button>
          </>
        )}
      </div>
      {way !== null && (
        <ActForm
          key={way}
          name={`${way === "grant" ? "Grant a role to" : "Revoke a role of"} ${one.title}`}
          submit={way === "grant" ? "Grant it" : "Revoke it"}
          {...(way === "revoke" && { tone: "bad" as const })}
          busy={act.busy}
          problems={act.problems}
          missing={role === undefined ? "There is no role to choose." : null}
          cancel={() => setWay(null)}
          onSubmit={async (given) => {
            if (role === undefined) return false;
            if ((await act.act({ ...given, principalId: one.id, role })) === null) return false;
            announce(way === "grant" ? `${role} granted` : `${role} revoked`);
            setWay(null);
            changed();
            return true;
          }}
        >
          <NativeSelect
            label="Role"
            value={role ?? ""}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={[...choices]}
          />
        </ActForm>
      )}
    </li>
  );
}
