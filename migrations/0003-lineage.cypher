// schema: watches and alerts, kept investigations, claims that are still to be marked
CREATE CONSTRAINT unwatched_id IF NOT EXISTS FOR (n:Unwatched) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT watch_id IF NOT EXISTS FOR (n:Watch) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT alert_id IF NOT EXISTS FOR (n:Alert) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT investigation_id IF NOT EXISTS FOR (n:Investigation) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT recheck_id IF NOT EXISTS FOR (n:Recheck) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT watch_key IF NOT EXISTS FOR (n:Watch) REQUIRE (n.tenantId, n.key) IS UNIQUE;
CREATE INDEX watch_status IF NOT EXISTS FOR (n:Watch) ON (n.tenantId, n.status);
CREATE INDEX watch_watcher IF NOT EXISTS FOR (n:Watch) ON (n.tenantId, n.watcher);
CREATE INDEX alert_unseen_by IF NOT EXISTS FOR (n:Alert) ON (n.tenantId, n.unseenBy);
CREATE INDEX investigation_owner IF NOT EXISTS FOR (n:Investigation) ON (n.tenantId, n.owner);
CREATE INDEX investigation_sharing IF NOT EXISTS FOR (n:Investigation) ON (n.tenantId, n.sharing);
CREATE INDEX recheck_status IF NOT EXISTS FOR (n:Recheck) ON (n.tenantId, n.status);
