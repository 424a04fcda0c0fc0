import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useSubscription } from "urql";
import { useAnnounce } from "../../components/live-region.js";
import { graphql } from "../../gql/gql.js";
import type { LiveNotice_ChangedSubscription } from "../../gql/graphql.js";

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

type Told = LiveNotice_ChangedSubscription["lineageChanged"];

interface Props {
  readonly id: string;
  /** The instant that is shown. */
  readonly shown: string;
  readonly onReload: () => void;
}

/** Says when somebody changed what is on screen; the view stays as it is until the reader asks for the new one. */
export function LiveNotice({ id, shown, onReload }: Props) {
  const announce = useAnnounce();
  const [news, setNews] = useState<{ readonly told: Told; readonly changes: number } | null>(null);
  const shownAt = useRef(shown);
  shownAt.current = shown;
  const [{ data }] = useSubscription({ query: LiveNotice_Changed, variables: { id } });
  const told = data?.lineageChanged;
  useEffect(() => {
    // The first word after connecting only says that one is heard.
    if (told === undefined || told.total === 0 || Date.parse(told.at) <= Date.parse(shownAt.current)) return;
    setNews((before) => ({ told, changes: (before?.changes ?? 0) + told.total }));
  }, [told]);
  // What is on screen by now isn't news.
  useEffect(() => {
    setNews((before) => (before !== null && Date.parse(before.told.at) <= Date.parse(shown) ? null : before));
  }, [shown]);
  const [change] = news?.told.changes ?? [];
  const said =
    news === null
      ? null
      : `${news.changes.toLocaleString("en")} ${news.changes === 1 ? "change" : "changes"} since, the last by ${change?.by ?? "somebody"}${change?.why ? `, “${change.why}”` : ""}`;
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
          setNews(null);
          onReload();
        }}
      >
        Show it
      </Button>
    </div>
  );
}
