// schema: records that are only added need an index, not a constraint: checking it made writers wait for each other
DROP CONSTRAINT audit_entry_id IF EXISTS;
CREATE INDEX audit_entry_id IF NOT EXISTS FOR (n:AuditEntry) ON (n.tenantId, n.id);
DROP CONSTRAINT unsealed_id IF EXISTS;
CREATE INDEX unsealed_id IF NOT EXISTS FOR (n:Unsealed) ON (n.tenantId, n.id);
DROP CONSTRAINT outbox_event_id IF EXISTS;
CREATE INDEX outbox_event_id IF NOT EXISTS FOR (n:OutboxEvent) ON (n.tenantId, n.id);
DROP CONSTRAINT undispatched_id IF EXISTS;
CREATE INDEX undispatched_id IF NOT EXISTS FOR (n:Undispatched) ON (n.tenantId, n.id);
DROP CONSTRAINT unwatched_id IF EXISTS;
CREATE INDEX unwatched_id IF NOT EXISTS FOR (n:Unwatched) ON (n.tenantId, n.id);
