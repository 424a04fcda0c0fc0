import { Button } from "@mantine/core";
import { useState } from "react";
import { useClient } from "urql";
import { problemOf, type Problem } from "../../api/problem.js";
import { Badge } from "../../components/governance/badge.js";
import { Instant } from "../../components/instant.js";
import { useAnnounce } from "../../components/live-region.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { graphql } from "../../gql/gql.js";
import type { Verification_VerifyQuery } from "../../gql/graphql.js";

const Verification_Verify = graphql(/* GraphQL */ `
  query Verification_Verify {
    verifyAudit {
      ok
      size
      root
      unsealed
      firstBad
      anchored
      anchoredAt
      problem
    }
  }
`);
type Verified = Verification_VerifyQuery["verifyAudit"];

/** Never "ok" without a checkpoint outside: a log that agrees with itself may have been made anew as a whole. */
function verdictOf({ ok, anchored, firstBad }: Verified) {
  if (ok) return { text: "The log is whole", tone: "good" as const };
  if (anchored == null && firstBad == null) return { text: "Not anchored", tone: "warn" as const };
  return { text: "The log can't be relied on", tone: "bad" as const };
}

/** Recomputes every hash of the log, which takes as long as the log is; so only when asked. */
export function Verification() {
  const client = useClient();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [found, setFound] = useState<Verified | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const verify = async () => {
    setBusy(true);
    const { data, error } = await client.query(Verification_Verify, {}, { requestPolicy: "network-only" }).toPromise();
    setBusy(false);
    setProblem(error === undefined ? null : problemOf(error));
    setFound(data?.verifyAudit ?? null);
    if (data?.verifyAudit !== undefined) announce(verdictOf(data.verifyAudit).text);
  };
  return (
    <section className="panel" aria-labelledby="verify-title">
      <header className="panel-header">
        <h2 id="verify-title">Verification</h2>
        <Button size="xs" loading={busy} onClick={() => void verify()}>
          Verify the log
        </Button>
      </header>
      {problem !== null && <ProblemPanel problem={problem} />}
      {found === null && problem === null && (
        <p className="panel-empty">Recomputes every entry's hash and compares with the checkpoints kept outside.</p>
      )}
      {found !== null && (
        <>
          <Badge {...verdictOf(found)} />
          {found.problem != null && <p className="sentence">{found.problem}</p>}
          <dl className="facts">
            <dt>Entries in their place</dt>
            <dd>{found.size.toLocaleString("en")}</dd>
            <dt>Root of the tree</dt>
            <dd>
              <code>{found.root}</code>
            </dd>
            <dt>Not sealed yet</dt>
            <dd>{found.unsealed.toLocaleString("en")}</dd>
            <dt>Covered by a checkpoint outside</dt>
            <dd>
              {found.anchored == null ? "none: not anchored" : found.anchored.toLocaleString("en")}
              {found.anchoredAt != null && (
                <>
                  , kept <Instant at={found.anchoredAt} />
                </>
              )}
            </dd>
            <dt>First entry not to rely on</dt>
            <dd>{found.firstBad ?? "none"}</dd>
          </dl>
        </>
      )}
    </section>
  );
}
