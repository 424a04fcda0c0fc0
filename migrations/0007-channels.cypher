// schema: versions of templates, prompts and QA specs in a studio's library
CREATE CONSTRAINT spec_version_id IF NOT EXISTS FOR (n:SpecVersion) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT spec_version_key IF NOT EXISTS FOR (n:SpecVersion) REQUIRE (n.tenantId, n.key) IS UNIQUE;
