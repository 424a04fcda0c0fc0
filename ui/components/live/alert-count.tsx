import { useEffect } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";
import { graphql } from "../../gql/gql.js";

const AlertCount_Alerts = graphql(/* GraphQL */ `
  query AlertCount_Alerts {
    alerts(first: 1, unseen: true) {
      unseenCount
    }
  }
`);

const EVERY_MS = 60_000;

/** The way to the alerts, with how many are new; asked again as one moves about, and every minute. */
export function AlertCount() {
  const [path] = useLocation();
  const [{ data }, again] = useQuery({ query: AlertCount_Alerts });
  useEffect(() => {
    again({ requestPolicy: "network-only" });
    const timer = setInterval(() => {
      if (!document.hidden) again({ requestPolicy: "network-only" });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [path, again]);
  const count = data?.alerts.unseenCount ?? 0;
  return (
    <Link href="/alerts" className="shell-link">
      Alerts
      {count > 0 && (
        <span className="alert-count">
          {count > 99 ? "99+" : count}
          <span className="only-said"> new</span>
        </span>
      )}
    </Link>
  );
}
