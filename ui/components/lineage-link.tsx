import type { ReactNode } from "react";
import { Link } from "wouter";
import type { NodeLabel } from "../gql/graphql.js";

/**
 * Where each label's lineage is worth starting: what is stated is followed to its sources, a source to what stands on it.
 * Labels that only context edges reach start with those on.
 */
const START = {
  EPISODE: "direction=upstream",
  SCENE: "direction=upstream",
  CLAIM: "direction=upstream",
  FACT: "direction=upstream",
  SNAPSHOT: "direction=downstream",
  SOURCE: "direction=downstream",
  TOPIC: "direction=downstream&edges=all",
  CHANNEL: "direction=downstream&edges=all",
  INCIDENT: "direction=upstream&edges=all",
  DECISION: "direction=upstream&edges=all",
  PRINCIPAL: "direction=both&edges=all",
  TENANT: "direction=both&edges=all",
  PROPOSAL: "direction=both&edges=all",
  APPROVAL: "direction=both&edges=all",
  KILL_SWITCH: "direction=both&edges=all",
  EXEMPTION: "direction=both&edges=all",
  PIPELINE_RUN: "direction=both&edges=all",
  STAGE_RUN: "direction=both&edges=all",
  KPI_RECORD: "direction=both&edges=all",
  SPEC_VERSION: "direction=both&edges=all",
  POST_PRODUCTION: "direction=both&edges=all",
  EXPERIMENT: "direction=both&edges=all",
  VARIANT: "direction=both&edges=all",
  CORRECTION_TASK: "direction=upstream&edges=all",
} as const satisfies Record<NodeLabel, string>;

export const lineagePath = (id: string) => `/lineage/${encodeURIComponent(id).replaceAll("%3A", ":")}`;

export const lineageHref = (node: { readonly id: string; readonly label: NodeLabel }) =>
  `${lineagePath(node.id)}?${START[node.label]}`;

interface Props {
  readonly node: { readonly id: string; readonly label: NodeLabel };
  readonly className?: string;
  readonly children: ReactNode;
}

export function LineageLink({ node, className = "link", children }: Props) {
  return (
    <Link href={lineageHref(node)} className={className}>
      {children}
    </Link>
  );
}
