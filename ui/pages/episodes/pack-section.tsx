import { useQuery } from "urql";
import { Link } from "wouter";
import { problemOf } from "../../api/problem.js";
import { Instant } from "../../components/instant.js";
import { countOf } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import type { EvidencePackItemKind } from "../../gql/graphql.js";
import { ContentDifference } from "../approvals/content-difference.js";

const PackSection_Pack = graphql(/* GraphQL */ `
  query PackSection_Pack($id: ID!, $asOf: DateTime) {
    viewer {
      tenant {
        id
      }
    }
    evidencePack(episodeId: $id, first: 1, asOf: $asOf) {
      sha256
      action
      proposalId
      contentHash
      frozenAt
      itemCount
      contents {
        kind
        label
        count
      }
      difference {
        ...ContentDifference_Difference
      }
    }
  }
`);

const KINDS: Record<Exclude<EvidencePackItemKind, "node">, readonly [one: string, many: string]> = {
  proposal: ["the proposal", "proposals"],
  approval: ["approval", "approvals"],
  decision: ["the decision of policy", "decisions of policy"],
};

interface Props {
  readonly id: string;
  readonly asOf: string | null;
}

/** What the episode was published on, frozen; what became of it since; and how it leaves the house. */
export function PackSection({ id, asOf }: Props) {
  const [{ data, error, fetching }, again] = useQuery({ query: PackSection_Pack, variables: { id, asOf } });
  const pack = data?.evidencePack;
  const tenant = (data?.viewer?.tenant.id ?? "").replace(/^Tenant:/, "");
  return (
    <section className="panel" aria-labelledby="episode-pack" aria-busy={fetching}>
      <h2 id="episode-pack">Evidence pack</h2>
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {data === undefined && fetching && <Waiting what="Reading the pack" />}
      {data !== undefined && pack == null && (
        <p className="panel-empty">
          It wasn’t published{asOf === null ? " yet" : " by then"}: what it stands on is frozen with its publication.
        </p>
      )}
      {pack != null && (
        <>
          <dl className="facts">
            <dt>Frozen</dt>
            <dd>
              <Instant at={pack.frozenAt} />,{" "}
              {pack.action === "publishEpisode" ? "with its publication" : "with a correction"} (
              <Link href={`/approvals/${pack.proposalId}`} className="link">
                the proposal
              </Link>
              )
            </dd>
            <dt>SHA-256</dt>
            <dd>
              <code data-testid="pack-hash">{pack.sha256}</code>
            </dd>
            <dt>Approved content</dt>
            <dd>
              <code>{pack.contentHash}</code>
            </dd>
            <dt>It holds</dt>
            <dd>
              {pack.itemCount.toLocaleString("en")} items:{" "}
              {pack.contents
                .map(({ kind, label, count }) =>
                  kind === "node"
                    ? label == null
                      ? `${count} nodes`
                      : countOf(label, count)
                    : count === 1
                      ? KINDS[kind][0] === "approval"
                        ? "1 approval"
                        : KINDS[kind][0]
                      : `${count} ${KINDS[kind][1]}`,
                )
                .join(", ")}
            </dd>
            <dt>As a signed file</dt>
            <dd>
              <code>{`./throughline export pack ${id} --tenant ${tenant} --out pack.jsonl`}</code>
            </dd>
          </dl>
          {pack.difference == null ? (
            <p className="count-line">It stands on more than 5,000 nodes by now: too many to compare here.</p>
          ) : (
            <ContentDifference
              title="What became of it since, up to now"
              difference={pack.difference}
              none="Nothing to compare with."
            />
          )}
        </>
      )}
    </section>
  );
}
