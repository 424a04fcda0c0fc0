import { Link } from "wouter";
import { Instant } from "../../../components/instant.js";
import { graphql } from "../../../gql/gql.js";
import { Listed, NodeRef, Section, Terms } from "./parts.js";
import { useCard } from "./use-card.js";

const EpisodeCard_Episode = graphql(/* GraphQL */ `
  query EpisodeCard_Episode($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Episode {
        publishedAt
        channel {
          id
          title
        }
        topic {
          id
          ...NodeRef_Node
        }
        owner {
          id
          title
        }
        scenes {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);

const SceneCard_Scene = graphql(/* GraphQL */ `
  query SceneCard_Scene($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Scene {
        ordinal
        narration
        episode {
          id
          ...NodeRef_Node
        }
        claims {
          id
          ...NodeRef_Node
        }
      }
    }
  }
`);

export function EpisodeCard({ id }: { readonly id: string }) {
  const { node: episode, instead } = useCard(EpisodeCard_Episode, id);
  if (episode?.__typename !== "Episode") return instead;
  return (
    <>
      <Terms
        rows={[
          ["Published", episode.publishedAt == null ? "not yet" : <Instant key="p" at={episode.publishedAt} />],
          ["Channel", episode.channel?.title ?? "none"],
          [
            "Its page",
            <Link key="page" href={`/episodes/${episode.id}`} className="link">
              scenes, checks and evidence pack
            </Link>,
          ],
          ["Owner", episode.owner?.title ?? "nobody; name one, so that somebody hears of trouble"],
        ]}
      />
      {episode.topic != null && (
        <Section title="About">
          <NodeRef node={episode.topic} />
        </Section>
      )}
      <Section title="Scenes" count={episode.scenes.length}>
        <Listed items={episode.scenes} empty="It has no scenes yet.">
          {(scene) => (
            <li key={scene.id}>
              <NodeRef node={scene} />
            </li>
          )}
        </Listed>
      </Section>
    </>
  );
}

export function SceneCard({ id }: { readonly id: string }) {
  const { node: scene, instead } = useCard(SceneCard_Scene, id);
  if (scene?.__typename !== "Scene") return instead;
  return (
    <>
      {scene.narration != null && scene.narration !== "" && (
        <Section title="Narration">
          <blockquote className="quote quote-plain">{scene.narration}</blockquote>
        </Section>
      )}
      <Section title="States" count={scene.claims.length}>
        <Listed items={scene.claims} empty="It states no claim.">
          {(claim) => (
            <li key={claim.id}>
              <NodeRef node={claim} />
            </li>
          )}
        </Listed>
      </Section>
      {scene.episode != null && (
        <Section title={`Scene ${scene.ordinal} of`}>
          <NodeRef node={scene.episode} />
        </Section>
      )}
    </>
  );
}
