// schema: what platforms measured of episodes and channels, and which episode a platform's id of a video means
CREATE CONSTRAINT kpi_record_id IF NOT EXISTS FOR (n:KpiRecord) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT kpi_record_key IF NOT EXISTS FOR (n:KpiRecord) REQUIRE (n.tenantId, n.key) IS UNIQUE;
CREATE CONSTRAINT video_id_key IF NOT EXISTS FOR (n:VideoId) REQUIRE (n.tenantId, n.key) IS UNIQUE;
