import type { Graph } from "../graph/graph.js";
import { homeCheckpoints, publishedTo } from "./checkpoints.js";
import type { AuditOffice } from "./sealer.js";
import { loadAuditSigner } from "./signer.js";

/** The audit of this installation: its key and checkpoints in the home, and the address that checkpoints are sent to, if any. */
export async function openAuditOffice(options: {
  readonly graph: Graph;
  readonly home: string;
  readonly checkpointUrl?: string | undefined;
  /** Public keys of other regions' audits. */
  readonly trusted?: readonly Buffer[];
  /** Told of checkpoints that didn't arrive; the next one covers them. */
  readonly failed?: (tenantId: string, error: unknown) => void;
}): Promise<AuditOffice> {
  const { graph, home, checkpointUrl, trusted = [], failed = () => undefined } = options;
  const kept = homeCheckpoints(home);
  return {
    graph,
    signer: await loadAuditSigner(home),
    trusted,
    checkpoints: checkpointUrl === undefined ? kept : publishedTo(kept, checkpointUrl, failed),
  };
}
