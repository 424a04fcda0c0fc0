import { useEffect } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { graphql } from "../../gql/gql.js";
import { Instant } from "../instant.js";
import { whatItStops } from "./switch-words.js";

const SwitchBanner_Switches = graphql(/* GraphQL */ `
  query SwitchBanner_Switches {
    killSwitches(active: true, first: 5) {
      edges {
        node {
          id
          scope
          target
          reason
          setBy
          expiresAt
        }
      }
    }
  }
`);

const LOOK_AGAIN_MS = 30_000;
const CHANGED = "throughline:switches";

/** Called by whoever sets or lifts one, so that the banner doesn't wait for its next look. */
export const switchesChanged = () => window.dispatchEvent(new Event(CHANGED));

/** On every page while a switch is on: what is stopped, why, by whom and until when. */
export function SwitchBanner() {
  const [path] = useLocation();
  const [{ data }, again] = useQuery({ query: SwitchBanner_Switches });
  useEffect(() => {
    const look = () => again({ requestPolicy: "network-only" });
    const timer = setInterval(look, LOOK_AGAIN_MS);
    window.addEventListener(CHANGED, look);
    return () => {
      clearInterval(timer);
      window.removeEventListener(CHANGED, look);
    };
  }, [again]);
  const on = data?.killSwitches.edges ?? [];
  if (on.length === 0) return null;
  return (
    <section className="switch-banner" aria-label="Kill switches that are on">
      <ul>
        {on.map(({ node }) => (
          <li key={node.id}>
            <strong>{whatItStops(node)}</strong> “{node.reason}” Set by {node.setBy},{" "}
            {node.expiresAt == null ? (
              "until it is lifted."
            ) : (
              <>
                until <Instant at={node.expiresAt} />.
              </>
            )}
          </li>
        ))}
      </ul>
      {path !== "/switches" && <Link href="/switches">Kill switches</Link>}
    </section>
  );
}
