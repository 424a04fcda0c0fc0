import { LineageLink } from "../../components/lineage-link.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Waiting } from "../../components/waiting.js";
import { graphql } from "../../gql/gql.js";
import { readFragment, type FragmentType } from "../../gql/fragment-masking.js";
import { ClaimItem } from "./claim-item.js";
import { claimState } from "./claim-state.js";
import { useClaims, type Claims } from "./use-claims.js";

const ScenesSection_Scene = graphql(/* GraphQL */ `
  fragment ScenesSection_Scene on Scene {
    id
    label
    title
    ordinal
    narration
    claims {
      id
      label
      title
    }
  }
`);

interface Props {
  readonly episodeId: string;
  readonly asOf: string | null;
  readonly scenes: readonly FragmentType<typeof ScenesSection_Scene>[];
}

/** How many claims stand how, in the words of their badges. */
function summary({ byId, asOf }: Claims): string {
  const counts = new Map<string, number>();
  for (const { claim, risks, supportingFacts } of byId.values())
    for (const { text } of claimState({ ...claim, risks, supportingFacts }, asOf))
      counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${text.toLowerCase()} ${count}`).join(" · ");
}

/** Scenes in their order, with what each says and what that stands on. */
export function ScenesSection({ episodeId, asOf, scenes: masked }: Props) {
  const scenes = masked.map((one) => readFragment(ScenesSection_Scene, one));
  const { claims, problem, loading, again } = useClaims(episodeId, asOf);
  const missing = claims === null ? 0 : claims.total - claims.byId.size;
  return (
    <section className="panel" aria-labelledby="episode-scenes" aria-busy={loading}>
      <header className="panel-header">
        <h2 id="episode-scenes">Scenes and claims</h2>
        {claims !== null && (
          <span className="count-line" data-testid="claims">
            {claims.exact ? "" : "at least "}
            {claims.total.toLocaleString("en")} {claims.total === 1 ? "claim" : "claims"}
            {claims.byId.size > 0 && `: ${summary(claims)}`}
          </span>
        )}
      </header>
      {problem !== null && <ProblemPanel problem={problem} retry={again} />}
      {scenes.length === 0 && <p className="panel-empty">It has no scenes yet, so there is nothing to publish.</p>}
      {claims === null && loading && scenes.length > 0 && <Waiting what="Weighing its claims" />}
      {!loading && missing > 0 && (
        <p className="notice" data-tone="warn">
          The evidence of {claims!.byId.size.toLocaleString("en")} of {claims!.total.toLocaleString("en")} claims is
          shown; the others stand by their words alone. Each one’s lineage has all of it.
        </p>
      )}
      <ol className="scenes">
        {scenes.map((scene) => (
          <li key={scene.id}>
            <h3>
              {scene.ordinal}. <LineageLink node={scene}>{scene.title}</LineageLink>
            </h3>
            {scene.narration != null && scene.narration !== "" && <p className="narration">{scene.narration}</p>}
            {scene.claims.length === 0 ? (
              <p className="count-line">It states no claim.</p>
            ) : (
              <ul className="said-list">
                {scene.claims.map((claim) => {
                  const judged = claims?.byId.get(claim.id);
                  return judged === undefined ? (
                    <li key={claim.id} className="said">
                      <LineageLink node={claim} className="said-title">
                        {claim.title}
                      </LineageLink>
                    </li>
                  ) : (
                    <ClaimItem key={claim.id} judged={judged} asOf={claims!.asOf} />
                  );
                })}
              </ul>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
