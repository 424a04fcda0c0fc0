// schema: how episodes are finished, and experiments with variants of their hooks and thumbnails
CREATE CONSTRAINT post_production_id IF NOT EXISTS FOR (n:PostProduction) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT post_production_key IF NOT EXISTS FOR (n:PostProduction) REQUIRE (n.tenantId, n.key) IS UNIQUE;
CREATE CONSTRAINT experiment_id IF NOT EXISTS FOR (n:Experiment) REQUIRE (n.tenantId, n.id) IS UNIQUE;
CREATE CONSTRAINT variant_id IF NOT EXISTS FOR (n:Variant) REQUIRE (n.tenantId, n.id) IS UNIQUE;
