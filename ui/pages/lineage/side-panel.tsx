import { CloseButton, Tabs } from "@mantine/core";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useQuery } from "urql";
import { problemOf } from "../../api/problem.js";
import { useAnnounce } from "../../components/live-region.js";
import { NodeBadges } from "../../components/node-badges.js";
import { LabelIcon, labelName } from "../../components/node-label.js";
import { ProblemPanel } from "../../components/problem-panel.js";
import { Instant } from "../../components/instant.js";
import { graphql } from "../../gql/gql.js";
import type { NodeLabel } from "../../gql/graphql.js";
import { ClaimCard } from "./cards/claim-card.js";
import { ChannelCard, DecisionCard, IncidentCard, PrincipalCard, TopicCard } from "./cards/context-cards.js";
import { FactCard } from "./cards/fact-card.js";
import { CardContext } from "./cards/parts.js";
import { SnapshotCard, SourceCard } from "./cards/source-cards.js";
import { EpisodeCard, SceneCard } from "./cards/story-cards.js";
import { ChangePanel, hasForms } from "./forms/change-panel.js";
import { HistoryPanel } from "./history-panel.js";
import { ImpactPanel } from "./impact-panel.js";
import { LinkCard, LinksPanel } from "./links-panel.js";
import { edgeKey } from "./merge.js";
import { NodeActions } from "./node-actions.js";
import type { Merged } from "./use-lineage.js";
import type { SetView } from "./use-steps.js";
import type { LineageView, PanelKind } from "./view-state.js";

const SidePanel_Node = graphql(/* GraphQL */ `
  query SidePanel_Node($id: ID!, $asOf: DateTime) {
    node(id: $id, asOf: $asOf) {
      id
      label
      title
      validFrom
      version
      ...NodeBadges_Node
    }
  }
`);

const CARDS: Record<NodeLabel, ((props: { readonly id: string }) => ReactNode) | null> = {
  CLAIM: ClaimCard,
  FACT: FactCard,
  SNAPSHOT: SnapshotCard,
  SOURCE: SourceCard,
  EPISODE: EpisodeCard,
  SCENE: SceneCard,
  INCIDENT: IncidentCard,
  DECISION: DecisionCard,
  TOPIC: TopicCard,
  CHANNEL: ChannelCard,
  PRINCIPAL: PrincipalCard,
  TENANT: null,
  PROPOSAL: null,
  APPROVAL: null,
  KILL_SWITCH: null,
  EXEMPTION: null,
  PIPELINE_RUN: null,
  STAGE_RUN: null,
  KPI_RECORD: null,
  SPEC_VERSION: null,
  POST_PRODUCTION: null,
  EXPERIMENT: null,
  VARIANT: null,
  CORRECTION_TASK: null,
};

export interface SidePanelProps {
  /** A node's id, or an edge's key. */
  readonly selected: string;
  readonly view: LineageView;
  readonly setView: SetView;
  readonly merged: Merged;
  readonly asOf: string | null;
  /** Grows when the reader asked to go on in the card by keyboard. */
  readonly focusTurn: number;
  readonly onSelect: (key: string | null) => void;
  readonly onClose: () => void;
  /** After a change from here. */
  readonly onChanged: () => void;
}

function NodeDetails({ selected, view, setView, merged, asOf, onSelect, onChanged }: SidePanelProps) {
  const { panel } = view;
  const [{ data, error, fetching }, again] = useQuery({ query: SidePanel_Node, variables: { id: selected, asOf } });
  const shown = merged.nodes.find((node) => node.id === selected);
  const node = data?.node?.id === selected ? data.node : null;
  const head = node ?? shown;
  const Card = head === undefined ? null : CARDS[head.label];
  const announce = useAnnounce();
  const said = node === null ? null : `${labelName(node.label)}: ${node.title}`;
  useEffect(() => {
    if (said !== null) announce(said);
  }, [said, announce]);
  const links = merged.edges.filter((edge) => edge.from === selected || edge.to === selected).length;
  return (
    <>
      {head !== undefined && (
        <header className="card-head">
          <LabelIcon label={head.label} size={32} />
          <div>
            <p className="card-kind">
              {labelName(head.label)}
              {node !== null && <NodeBadges node={node} />}
            </p>
            <h2 className="card-title">{head.title}</h2>
          </div>
        </header>
      )}
      {error !== undefined && (
        <ProblemPanel problem={problemOf(error)} retry={() => again({ requestPolicy: "network-only" })} />
      )}
      {data?.node === null && !fetching && <ProblemPanel problem={{ kind: "not-found", message: "" }} />}
      {head !== undefined && <NodeActions node={head} view={view} setView={setView} root={merged.root} />}
      {head !== undefined && error === undefined && (
        <Tabs
          value={panel}
          onChange={(value) => setView({ ...view, panel: (value ?? "details") as PanelKind }, { replace: true })}
          keepMounted={false}
          className="card-tabs"
        >
          <Tabs.List>
            <Tabs.Tab value="details">Details</Tabs.Tab>
            <Tabs.Tab value="impact">What stands on it</Tabs.Tab>
            <Tabs.Tab value="links">Links ({links})</Tabs.Tab>
            <Tabs.Tab value="history">History</Tabs.Tab>
            {hasForms(head.label) && <Tabs.Tab value="change">Change</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="details" pt="sm">
            {Card !== null && <Card key={selected} id={selected} />}
            {node !== null && (
              <p className="card-note card-foot">
                Recorded <Instant at={node.validFrom} /> · version {node.version} · <code>{node.id}</code>
              </p>
            )}
          </Tabs.Panel>
          <Tabs.Panel value="impact" pt="sm">
            <ImpactPanel id={selected} asOf={asOf} />
          </Tabs.Panel>
          <Tabs.Panel value="links" pt="sm">
            <LinksPanel id={selected} merged={merged} onSelect={onSelect} />
          </Tabs.Panel>
          <Tabs.Panel value="history" pt="sm">
            <HistoryPanel
              key={selected}
              id={selected}
              onInstant={(at) => setView({ ...view, asOf: at })}
              onCompare={(at) =>
                setView({ ...view, since: new Date(Date.parse(at) - 1).toISOString(), asOf: null, selected: null })
              }
            />
          </Tabs.Panel>
          <Tabs.Panel value="change" pt="sm">
            <ChangePanel
              key={selected}
              node={head}
              past={view.asOf !== null}
              onChanged={() => {
                again({ requestPolicy: "network-only" });
                onChanged();
              }}
            />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

/** The card of what is selected: a node with its details, its links and what stands on it, or one link. */
export function SidePanel(props: SidePanelProps) {
  const { selected, merged, asOf, focusTurn, onSelect, onClose } = props;
  const link = merged.edges.find((edge) => edgeKey(edge) === selected);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focusTurn > 0) top.current?.focus();
  }, [focusTurn]);
  useEffect(() => {
    if (top.current !== null) top.current.scrollTop = 0;
  }, [selected]);
  const context = useMemo(
    () => ({
      asOf,
      isShown: (id: string) => merged.nodes.some((node) => node.id === id),
      select: (id: string) => onSelect(id),
    }),
    [asOf, merged, onSelect],
  );
  return (
    <CardContext value={context}>
      <div
        className="card"
        ref={top}
        tabIndex={-1}
        role="region"
        aria-label="Card of what is selected"
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onClose();
        }}
      >
        <CloseButton className="card-close" aria-label="Close the card" onClick={onClose} />
        {selected.includes(">") ? (
          link === undefined ? (
            <p className="card-text">This link isn't part of the view any more.</p>
          ) : (
            <>
              <h2 className="card-title">Link</h2>
              <LinkCard link={link} merged={merged} onSelect={onSelect} />
            </>
          )
        ) : (
          <NodeDetails {...props} />
        )}
      </div>
    </CardContext>
  );
}
