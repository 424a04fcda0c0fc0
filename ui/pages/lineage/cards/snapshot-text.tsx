import { Button, Group } from "@mantine/core";
import { useContext, useState } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../../api/problem.js";
import { ProblemPanel } from "../../../components/problem-panel.js";
import { readFragment, type FragmentType } from "../../../gql/fragment-masking.js";
import { graphql } from "../../../gql/gql.js";
import { findQuote, windowAround, type QuoteSpan, type Selector } from "../quote.js";
import { CardContext, Section } from "./parts.js";
import { Waiting } from "../../../components/waiting.js";

const SnapshotText_Snapshot = graphql(/* GraphQL */ `
  fragment SnapshotText_Snapshot on Snapshot {
    id
    bytes
    cut
    snapshotKind: kind
  }
`);

const SnapshotText_Text = graphql(/* GraphQL */ `
  query SnapshotText_Text($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      __typename
      id
      ... on Snapshot {
        text
      }
    }
  }
`);

/** Texts up to this size come unasked; a long one is fetched when the reader wants it. */
const UNASKED_BYTES = 200_000;
const REACH = 500;
const STEP = 3_000;

const kilobytes = (bytes: number) =>
  bytes < 10_000 ? `${bytes.toLocaleString("en")} bytes` : `${Math.round(bytes / 1000).toLocaleString("en")} kB`;

interface ExcerptProps {
  readonly text: string;
  readonly span: QuoteSpan | null;
}

/** A part of the text, growing in both directions as far as one reads. */
function Excerpt({ text, span }: ExcerptProps) {
  const [more, setMore] = useState({ before: 0, after: 0 });
  const shown = windowAround(text, span ?? { start: 0, end: 0, certain: true }, REACH);
  const from = Math.max(0, shown.from - more.before);
  const to = Math.min(text.length, shown.to + more.after);
  return (
    <>
      {/* Scrolls by itself, so it takes the focus for the keyboard to scroll it. */}
      <div
        className="snapshot-text"
        tabIndex={0}
        role="region"
        aria-label="Text of the snapshot"
        data-testid="snapshot-text"
      >
        {from > 0 && "… "}
        {span === null ? (
          text.slice(from, to)
        ) : (
          <>
            {text.slice(from, span.start)}
            <mark>{text.slice(span.start, span.end)}</mark>
            {text.slice(span.end, to)}
          </>
        )}
        {to < text.length && " …"}
      </div>
      {(from > 0 || to < text.length) && (
        <Group gap="xs" mt={4}>
          <span className="card-note">
            Characters {(from + 1).toLocaleString("en")} to {to.toLocaleString("en")} of{" "}
            {text.length.toLocaleString("en")}
          </span>
          {from > 0 && (
            <Button size="compact-xs" variant="subtle" onClick={() => setMore({ ...more, before: more.before + STEP })}>
              More before
            </Button>
          )}
          {to < text.length && (
            <Button size="compact-xs" variant="subtle" onClick={() => setMore({ ...more, after: more.after + STEP })}>
              More after
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

interface Props {
  readonly snapshot: FragmentType<typeof SnapshotText_Snapshot>;
  readonly quote?: Selector;
}

/** What was read at the source; with a quote, the place where it stands. */
export function SnapshotText(props: Props) {
  const snapshot = readFragment(SnapshotText_Snapshot, props.snapshot);
  const { asOf } = useContext(CardContext);
  const [asked, setAsked] = useState(false);
  const pause = snapshot.bytes > UNASKED_BYTES && !asked;
  const [{ data, error, fetching }, again] = useQuery({
    query: SnapshotText_Text,
    variables: { id: snapshot.id, asOf },
    pause,
  });
  const text = data?.node?.__typename === "Snapshot" ? data.node.text : null;
  const span = text === null || props.quote === undefined ? null : findQuote(text, props.quote);
  return (
    <Section title={props.quote === undefined ? "Text as captured" : "In the snapshot's text"}>
      {snapshot.snapshotKind === "EXCERPT" && (
        <p className="notice" data-tone="info">
          <strong>Only an excerpt is held.</strong> These are the words that were handed in, not the whole page around
          them.
        </p>
      )}
      {snapshot.cut && (
        <p className="notice" data-tone="warn">
          <strong>The end is missing.</strong> The text was longer than may be stored, and was cut.
        </p>
      )}
      {pause && (
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          Load the text ({kilobytes(snapshot.bytes)})
        </Button>
      )}
      {fetching && <Waiting what="Loading the text" size="xs" />}
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {text !== null && props.quote !== undefined && span === null && (
        <p className="notice" data-tone="bad">
          <strong>The quote doesn't stand in this text.</strong> What is held was captured differently, or the quote was
          changed. Shown from its start.
        </p>
      )}
      {span !== null && !span.certain && (
        <p className="notice" data-tone="warn">
          <strong>These words stand here more than once</strong>, and what is around the quote doesn't tell which place
          is meant. Shown: the first.
        </p>
      )}
      {text !== null && <Excerpt key={snapshot.id} text={text} span={span} />}
    </Section>
  );
}
