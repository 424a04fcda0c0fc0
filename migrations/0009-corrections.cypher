// schema: what has to be done after a source fell, and whether sources' addresses still answer
CREATE CONSTRAINT correction_task_id IF NOT EXISTS FOR (n:CorrectionTask) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT link_health_id IF NOT EXISTS FOR (n:LinkHealth) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT link_round_id IF NOT EXISTS FOR (n:LinkRound) REQUIRE (n.tenantId, n.id) IS UNIQUE;
