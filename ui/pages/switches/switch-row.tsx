import { Button } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../../api/use-act.js";
import { ActForm } from "../../components/governance/act-form.js";
import { Badge } from "../../components/governance/badge.js";
import { whatItStops } from "../../components/governance/switch-words.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { useMay } from "../../components/viewer.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";

const SwitchRow_Switch = graphql(/* GraphQL */ `
  fragment SwitchRow_Switch on KillSwitch {
    id
    active
    status
    scope
    target
    reason
    setBy
    setAt
    expiresAt
  }
`);
const SwitchRow_Lift = graphql(/* GraphQL */ `
  mutation SwitchRow_Lift($input: LiftKillSwitchInput!) {
    liftKillSwitch(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

interface Props {
  readonly item: FragmentType<typeof SwitchRow_Switch>;
  changed(): void;
}

export function SwitchRow({ item, changed }: Props) {
  const one = readFragment(SwitchRow_Switch, item);
  const lift = useAct(SwitchRow_Lift);
  const may = useMay("switch.write");
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const ended = one.status === "LIFTED" ? "Lifted" : "Ended";
  return (
    <li>
      <div className="row">
        <span className="row-text">
          <span className="row-title">{whatItStops({ scope: one.scope, target: one.target ?? null })}</span>
          <span>{one.reason}</span>
          <span className="row-detail">
            set by {one.setBy}, <Instant at={one.setAt} /> ·{" "}
            {one.expiresAt == null ? (
              "no end of its own"
            ) : (
              <>
                until <Instant at={one.expiresAt} />
              </>
            )}
          </span>
        </span>
        <Badge text={one.active ? "On" : ended} tone={one.active ? "bad" : "neutral"} />
        {one.active && may && !asking && (
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>
            Lift
          </Button>
        )}
      </div>
      {asking && one.active && (
        <ActForm
          name="Lift the switch"
          submit="Lift it"
          busy={lift.busy}
          problems={lift.problems}
          cancel={() => setAsking(false)}
          onSubmit={async (given) => {
            if ((await lift.act({ ...given, killSwitchId: one.id })) === null) return false;
            announce("The switch is lifted");
            setAsking(false);
            changed();
            return true;
          }}
        />
      )}
    </li>
  );
}
