import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSubscription } from "urql";
import { madeHere } from "../../api/made-here.js";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";
import type { LiveNotice_ChangedSubscription } from "../../gql/graphql.js";
import { hear, newsOf, NOTHING_HEARD, type Heard } from "./live-news.js";

const LiveNotice_Changed = graphql(/* GraphQL */ `
  subscription LiveNotice_Changed($id: ID!) {
    lineageChanged(id: $id) {
      ready
      at
      total
      changes {
        operationId
        by
        why
      }
    }
  }
`);

interface Props {
  readonly id: string;
  /** The instant that is shown. */
  readonly shown: string;
  /** True while a newer view is being asked for. */
  readonly loading: boolean;
  readonly onReload: () => void;
}

/** Says when somebody changed what is on screen; the view stays as it is until the reader asks for the new one. */
export function LiveNotice({ id, shown, loading, onReload }: Props) {
  const announce = useAnnounce();
  // Every message is folded in: of two that come together the screen would see the second alone.
  const [{ data }] = useSubscription(
    { query: LiveNotice_Changed, variables: { id } },
    (before: Heard | undefined, { lineageChanged }: LiveNotice_ChangedSubscription) =>
      hear(before ?? NOTHING_HEARD, lineageChanged, madeHere),
  );
  const heard = data ?? NOTHING_HEARD;
  const [onScreen, setOnScreen] = useState(NOTHING_HEARD);
  // What was heard before the view was asked for is in its answer; what came meanwhile may not be.
  const asked = useRef(NOTHING_HEARD);
  const latest = useRef(heard);
  latest.current = heard;
  useEffect(() => {
    if (loading) asked.current = latest.current;
  }, [loading]);
  useEffect(() => setOnScreen(asked.current), [shown]);
  const said = newsOf(heard, onScreen);
  useEffect(() => {
    if (said !== null) announce(said);
  }, [said, announce]);
  if (said === null) return null;
  return (
    <div className="live-notice" data-testid="live">
      <span>{said}</span>
      <Button
        size="compact-xs"
        onClick={() => {
          setOnScreen(heard);
          onReload();
        }}
      >
        Show it
      </Button>
    </div>
  );
}
