import { migrationQueries } from "../migrations/migrate.js";
import { auditAlso, epilogue, operationsById, prologue } from "./commands/operation.query.js";
import { auditLag, factsQuery } from "./commands/facts.query.js";
import { channelQueries } from "./domains/channel/channel.repository.js";
import { episodeQueries } from "./domains/episode/episode.repository.js";
import { evidenceQueries } from "./domains/evidence/evidence.repository.js";
import { proposalQueries } from "./domains/proposal/proposal.repository.js";
import { sceneQueries } from "./domains/scene/scene.repository.js";
import { snapshotQueries } from "./domains/snapshot/snapshot.repository.js";
import { tenantQueries } from "./domains/tenant/tenant.repository.js";
import { edgeQueries } from "./graph/edge.js";
import { inspectQueries } from "./graph/inspect.js";
import { createQueries, findByKeyQueries, presentQueries, reviseQueries } from "./graph/life.js";
import { databaseInstant, lockQueries } from "./graph/lock.js";
import type { AnyQuery } from "./graph/query.js";
import { searchQuery } from "./graph/search.js";
import { claimImportQueries } from "./imports/claims.query.js";
import { impactQueries } from "./reads/impact/impact.query.js";
import { lineageQueries } from "./reads/lineage/lineage.query.js";
import { listAllQueries } from "./reads/lists/list.query.js";
import { neighbourQueries } from "./reads/node/neighbours.query.js";
import { nodeQueries } from "./reads/node/node.query.js";
import { snapshotTextsQuery } from "./reads/node/snapshot-text.query.js";

/** Every query there is. A test explains each against a real database, and finds those that aren't here. */
export const QUERIES: readonly AnyQuery[] = [
  ...Object.values(createQueries),
  ...findByKeyQueries.values(),
  ...Object.values(reviseQueries),
  ...Object.values(presentQueries),
  ...Object.values(lockQueries),
  databaseInstant,
  ...edgeQueries,
  prologue,
  epilogue,
  auditAlso,
  operationsById,
  factsQuery,
  auditLag,
  ...channelQueries,
  ...episodeQueries,
  ...evidenceQueries,
  ...proposalQueries,
  ...sceneQueries,
  ...snapshotQueries,
  ...tenantQueries,
  ...nodeQueries,
  ...neighbourQueries,
  snapshotTextsQuery,
  ...lineageQueries,
  ...impactQueries,
  searchQuery,
  ...listAllQueries,
  ...claimImportQueries,
  ...inspectQueries,
  ...migrationQueries,
];
