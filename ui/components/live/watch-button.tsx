import { Button } from "@mantine/core";
import { useQuery } from "urql";
import { useAct } from "../../api/use-act.js";
import { graphql } from "../../gql/gql.js";
import { useAnnounce } from "../live-region.js";

const WatchButton_Watches = graphql(/* GraphQL */ `
  query WatchButton_Watches {
    watches {
      id
      nodeId
    }
  }
`);
const WatchButton_Watch = graphql(/* GraphQL */ `
  mutation WatchButton_Watch($input: WatchNodeInput!) {
    watchNode(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);
const WatchButton_Unwatch = graphql(/* GraphQL */ `
  mutation WatchButton_Unwatch($input: UnwatchNodeInput!) {
    unwatchNode(input: $input) {
      problems {
        message
        path
      }
    }
  }
`);

/** Watching a node brings an alert whenever its lineage changes. It stands on no one else's record, so no reason is asked for. */
export function WatchButton({ id }: { readonly id: string }) {
  const announce = useAnnounce();
  const [{ data }, again] = useQuery({ query: WatchButton_Watches });
  const watch = useAct(WatchButton_Watch);
  const unwatch = useAct(WatchButton_Unwatch);
  const on = data?.watches.some(({ nodeId }) => nodeId === id) ?? false;
  const toggle = async () => {
    const done = on
      ? await unwatch.act({ nodeId: id, reason: "Stopped watching on the page", adr: null })
      : await watch.act({ nodeId: id, depth: null, reason: "Watched on the page", adr: null });
    if (done === null) return announce("That didn't work; nothing was changed.");
    announce(on ? "No more alerts of it" : "You will be told when its lineage changes");
    again({ requestPolicy: "network-only" });
  };
  const problem = [...watch.problems, ...unwatch.problems].join(" ");
  return (
    <>
      <Button
        size="compact-xs"
        variant={on ? "light" : "default"}
        aria-pressed={on}
        loading={watch.busy || unwatch.busy}
        disabled={data === undefined}
        onClick={() => void toggle()}
        title={on ? "Stop watching" : "Be told when its lineage changes"}
      >
        {on ? "Watched" : "Watch"}
      </Button>
      {problem !== "" && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
