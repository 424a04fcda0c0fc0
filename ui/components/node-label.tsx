import type { NodeLabel } from "../gql/graphql.js";

interface Face {
  readonly name: string;
  readonly plural: string;
  /** Strokes on a 16 by 16 grid. */
  readonly icon: string;
}

/** How each label is named and drawn; its colour stands in page.css under `data-label`. */
export const LABEL_FACES = {
  EPISODE: { name: "Episode", plural: "Episodes", icon: "M2.5 3.5h11v9h-11z M6.5 6v4l3.5-2z" },
  SCENE: {
    name: "Scene",
    plural: "Scenes",
    icon: "M2.5 6.5h11v6.5h-11z M2.5 6.5l1-3.5 10 2 M6 3.6l-.8 2.8 M9.5 4.3l-.8 2.2",
  },
  CLAIM: { name: "Claim", plural: "Claims", icon: "M2.5 3h11v7.5h-6L4.5 13v-2.5h-2z M5 5.8h6 M5 7.9h4" },
  FACT: {
    name: "Fact",
    plural: "Facts",
    icon: "M3 10c0-4 1.2-5.5 3.5-6 M3 7.8h3.2V12H3z M9.3 10c0-4 1.2-5.5 3.5-6 M9.3 7.8h3.2V12H9.3z",
  },
  SNAPSHOT: {
    name: "Snapshot",
    plural: "Snapshots",
    icon: "M2.5 5h2.7l1-1.6h3.6l1 1.6h2.7v7.5h-11z M8 6.7a2 2 0 1 0 0 4 2 2 0 1 0 0-4",
  },
  SOURCE: {
    name: "Source",
    plural: "Sources",
    icon: "M8 4.5C6.5 3.3 4.5 3 2.5 3v9c2 0 4 .3 5.5 1.5C9.5 12.3 11.5 12 13.5 12V3c-2 0-4 .3-5.5 1.5z M8 4.5v9",
  },
  TOPIC: { name: "Topic", plural: "Topics", icon: "M2.5 7.5V3h4.5l6.5 6.5L9 14z M5.2 5.7h.01" },
  CHANNEL: { name: "Channel", plural: "Channels", icon: "M2.5 5.5h11v7.5h-11z M5 2.5l3 3 3-3" },
  DECISION: {
    name: "Decision",
    plural: "Decisions",
    icon: "M8 14V9 M8 9L4 5 M8 9l4-4 M2.7 6.5V4h2.5 M13.3 6.5V4h-2.5",
  },
  INCIDENT: { name: "Incident", plural: "Incidents", icon: "M8 2.5l6 10.5H2z M8 6.5v3 M8 11.2h.01" },
  PRINCIPAL: {
    name: "Person or service",
    plural: "People and services",
    icon: "M8 2.8a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5 M3 13.5c0-3 2-4.2 5-4.2s5 1.2 5 4.2",
  },
  TENANT: { name: "Studio", plural: "Studios", icon: "M3 13.5V3h6v10.5 M9 6.5h4v7 M2 13.5h12 M5.2 5.5h1.5 M5.2 8h1.5" },
  PROPOSAL: { name: "Proposal", plural: "Proposals", icon: "M3.5 2.5h9v11h-9z M8 10.5v-5 M5.8 7.5L8 5.3l2.2 2.2" },
  APPROVAL: { name: "Approval", plural: "Approvals", icon: "M3.5 2.5h9v11h-9z M5.5 8l2 2 3-4" },
  KILL_SWITCH: { name: "Kill switch", plural: "Kill switches", icon: "M8 2v5.5 M5 4a5 5 0 1 0 6 0" },
  EXEMPTION: { name: "Exemption", plural: "Exemptions", icon: "M3 8h4 M9 8h4 M5.5 4.5v7 M10.5 4.5v7" },
  PIPELINE_RUN: { name: "Run", plural: "Runs", icon: "M2.5 8h3 M10.5 8h3 M5.5 5.5h5v5h-5z M3 5.5v5 M13 5.5v5" },
  STAGE_RUN: { name: "Stage", plural: "Stages", icon: "M4 4h8v8H4z M6 8h4" },
  KPI_RECORD: {
    name: "Day’s figures",
    plural: "Days’ figures",
    icon: "M3 13.5v-4 M6.5 13.5v-7 M10 13.5v-5 M13.5 13.5v-10",
  },
  SPEC_VERSION: { name: "Spec", plural: "Specs", icon: "M4 2.5h8v11H4z M6 6h4 M6 8.5h4 M6 11h2" },
  POST_PRODUCTION: { name: "Finish", plural: "Finishes", icon: "M3 4h10v8H3z M5.5 4v8 M10.5 4v8" },
  EXPERIMENT: { name: "Experiment", plural: "Experiments", icon: "M6 2.5h4 M7 2.5v4l-3.5 7h9l-3.5-7v-4 M5 10.5h6" },
  VARIANT: { name: "Variant", plural: "Variants", icon: "M8 13.5v-4 M8 9.5l-4-4v-3 M8 9.5l4-4v-3" },
  CORRECTION_TASK: {
    name: "Correction",
    plural: "Corrections",
    icon: "M3 13l1-3.5L10.5 3 13 5.5 6.5 12z M9 4.5L11.5 7",
  },
} as const satisfies Record<NodeLabel, Face>;

export const labelName = (label: NodeLabel) => LABEL_FACES[label].name;

/** `1 claim`, `12 claims`. */
export const countOf = (label: NodeLabel, count: number) =>
  `${count.toLocaleString("en")} ${(count === 1 ? LABEL_FACES[label].name : LABEL_FACES[label].plural).toLowerCase()}`;

/** The label's icon on its colour. Decoration: the label's name always stands beside it. */
export function LabelIcon({ label, size = 24 }: { readonly label: NodeLabel; readonly size?: number }) {
  return (
    <span className="label-icon" data-label={label} style={{ width: size, height: size }} aria-hidden="true">
      <svg viewBox="0 0 16 16" width={size * 0.66} height={size * 0.66}>
        <path
          d={LABEL_FACES[label].icon}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  );
}
