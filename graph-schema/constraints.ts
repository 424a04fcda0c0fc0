import { ALL_LABELS, NODE_LABELS, type Label } from "./catalog.js";
import { NODES } from "./nodes.js";

/** A constraint or index that the database must have, by its name. */
export interface SchemaItem {
  readonly name: string;
  readonly kind: "UNIQUE" | "RANGE" | "FULLTEXT";
  readonly labels: readonly Label[];
  readonly properties: readonly string[];
}

const snake = (text: string) => text.replace(/(?<=[a-z0-9])[A-Z]/g, (c) => `_${c}`).toLowerCase();
const item = (kind: SchemaItem["kind"], label: Label, ...properties: string[]): SchemaItem => ({
  name: `${snake(label)}_${properties.map(snake).join("_")}`,
  kind,
  labels: [label],
  properties: ["tenantId", ...properties],
});

/**
 * The full-text index of everything that search finds. `tenantKey` and `labelKey` are one token each, so that a query can
 * demand its tenant and its kinds: what is sorted out behind the index is missing from its best hits.
 */
export const SEARCH_INDEX = "search_title";

/** What plumbing is looked up by, beside its id. */
const PLUMBING: readonly SchemaItem[] = [
  item("UNIQUE", "Body", "sha256"),
  item("UNIQUE", "Operation", "operationId"),
  item("UNIQUE", "ImportRow", "key"),
  item("UNIQUE", "AuditEntry", "sequence"),
  item("UNIQUE", "Watch", "key"),
  item("UNIQUE", "CachedOutput", "key"),
  item("UNIQUE", "VideoId", "key"),
];

/** What is found by its state or time. */
const INDEXES: readonly SchemaItem[] = [
  item("RANGE", "AuditEntry", "at"),
  item("RANGE", "Operation", "at"),
  item("RANGE", "Proposal", "status"),
  item("RANGE", "KillSwitch", "status"),
  item("RANGE", "Exemption", "status"),
  item("RANGE", "Webhook", "status"),
  item("RANGE", "Delivery", "nextAt"),
  item("RANGE", "Delivery", "webhookId"),
  item("RANGE", "AccessToken", "actor"),
  item("RANGE", "JobRun", "scheduledAt"),
  item("RANGE", "Watch", "status"),
  item("RANGE", "Watch", "watcher"),
  item("RANGE", "Alert", "unseenBy"),
  item("RANGE", "Investigation", "owner"),
  item("RANGE", "Investigation", "sharing"),
  item("RANGE", "Recheck", "status"),
  item("RANGE", "PipelineRun", "status"),
];

/**
 * What is only ever added, under a fresh ULID: found by its id, but not held unique. Whoever creates a node under a unique key
 * reads the leaf of the index where the key belongs, and of keys that grow that is always the last one, which the
 * transaction being applied keeps to itself; eight writers spent two thirds of the database's time waiting there.
 * Single they are all the same: they are written under the lock of their operation.
 */
const APPENDED: readonly Label[] = ["AuditEntry", "Unsealed", "OutboxEvent", "Undispatched", "Unwatched"];

/** Labels without an id of their own: a natural key names them, or there is only one. */
const WITHOUT_ID: readonly Label[] = ["Body", "Operation", "ImportRow", "VideoId", "MigrationLock"];

/** Everything that follows from the catalog, in the order of its labels. */
export const SCHEMA: readonly SchemaItem[] = [
  ...ALL_LABELS.filter((label) => !WITHOUT_ID.includes(label)).map((label) =>
    item(APPENDED.includes(label) ? "RANGE" : "UNIQUE", label, "id"),
  ),
  ...NODE_LABELS.filter((label) => "key" in NODES[label]).map((label) => item("UNIQUE", label, "key")),
  ...PLUMBING,
  ...INDEXES,
  {
    name: SEARCH_INDEX,
    kind: "FULLTEXT",
    labels: NODE_LABELS.filter((label) => NODES[label].searched),
    properties: ["title", "tenantKey", "labelKey"],
  },
];

/** The Cypher that creates the item where it is missing. */
export function toCypher({ name, kind, labels, properties }: SchemaItem): string {
  const list = properties.map((property) => `n.${property}`).join(", ");
  switch (kind) {
    case "UNIQUE":
      return `CREATE CONSTRAINT ${name} IF NOT EXISTS FOR (n:${labels[0]}) REQUIRE (${list}) IS UNIQUE`;
    case "RANGE":
      return `CREATE INDEX ${name} IF NOT EXISTS FOR (n:${labels[0]}) ON (${list})`;
    case "FULLTEXT":
      return `CREATE FULLTEXT INDEX ${name} IF NOT EXISTS FOR (n:${labels.join("|")}) ON EACH [${list}]`;
  }
}
