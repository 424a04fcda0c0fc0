import { NODE_LABELS, type NodeLabel } from "./catalog.js";

/** The public id of a node: `Label:ulid`, such as `Claim:01JCXM3V4T8Z5K2N7Q9R6W1Y0B`. A tenant's is `Tenant:slug`. */
export interface NodeId {
  readonly label: NodeLabel;
  readonly id: string;
}

export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** A tenant's id is its slug. */
export const TENANT_SLUG = /^[a-z][a-z0-9-]{1,39}$/;

export function formatNodeId(label: NodeLabel, id: string): string {
  return `${label}:${id}`;
}

/** Null when the text is not an id of this grammar; says nothing about whether the node exists. */
export function parseNodeId(text: string): NodeId | null {
  const colon = text.indexOf(":");
  const label = NODE_LABELS.find((known) => known === text.slice(0, colon));
  const id = text.slice(colon + 1);
  if (label === undefined) return null;
  return (label === "Tenant" ? TENANT_SLUG : ULID).test(id) ? { label, id } : null;
}
