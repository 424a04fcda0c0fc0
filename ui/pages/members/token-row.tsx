import { Button } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const TokenRow_Token = graphql(/* GraphQL */ `
  fragment TokenRow_Token on AccessToken {
    id
    expiresAt
    revokedAt
    roles
    scopes
    principal {
      id
      title
    }
    owner {
      id
      title
    }
    onBehalfOf {
      id
      title
    }
  }
`);
const TokenRow_Revoke = graphql(/* GraphQL */ `
  mutation TokenRow_Revoke($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly token: FragmentType<typeof TokenRow_Token>;
  changed(): void;
}

export function TokenRow({ token, changed }: Props) {
  const one = readFragment(TokenRow_Token, token);
  const revoke = useAct(TokenRow_Revoke);
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const [openedAt] = useState(() => Date.now());
  const expired = new Date(one.expiresAt).getTime() <= openedAt;
  const good = one.revokedAt == null && !expired;
  const ended = one.revokedAt == null ? "Expired" : "Revoked";
  const name = one.principal?.title ?? "somebody erased";
  return (
    <li>
      <div className="row">
        <span className="row-text">
          <span className="row-title">
            {name}
            {one.onBehalfOf != null && ` for ${one.onBehalfOf.title}`}
          </span>
          <span className="row-detail">
            {one.owner?.title ?? "nobody"} answers for it · {one.scopes.join(", ")} · until{" "}
            <Instant at={one.expiresAt} precision="day" />
          </span>
        </span>
        <Badge text={good ? "Good" : ended} tone={good ? "good" : "neutral"} />
        {good && !asking && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Revoke ${name}'s token`}
            onClick={() => setAsking(true)}
          >
            Revoke
          </Button>
        )}
      </div>
      {asking && good && (
        <ActForm
          name="Revoke the token"
          submit="Revoke it"
          tone="bad"
          busy={revoke.busy}
          problems={revoke.problems}
          cancel={() => setAsking(false)}
          onSubmit={async (given) => {
            if ((await revoke.act({ ...given, tokenId: one.id })) === null) return false;
            announce("The token is revoked");
            setAsking(false);
            changed();
            return true;
          }}
        />
      )}
    </li>
  );
}
