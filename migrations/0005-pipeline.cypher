// schema: runs of the pipeline, their stages, and outputs that equal input needn't compute again
CREATE CONSTRAINT pipeline_run_id IF NOT EXISTS FOR (n:PipelineRun) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT stage_run_id IF NOT EXISTS FOR (n:StageRun) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT cached_output_id IF NOT EXISTS FOR (n:CachedOutput) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT stage_run_key IF NOT EXISTS FOR (n:StageRun) REQUIRE (n.tenantId, n.key) IS UNIQUE;
CREATE CONSTRAINT cached_output_key IF NOT EXISTS FOR (n:CachedOutput) REQUIRE (n.tenantId, n.key) IS UNIQUE;
CREATE INDEX pipeline_run_status IF NOT EXISTS FOR (n:PipelineRun) ON (n.tenantId, n.status);
