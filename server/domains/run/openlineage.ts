import type { DomainEvent } from "../../commands/command.js";
import type { Instant } from "../../../graph-schema/time.js";
import type { Run, StageRun } from "./run.repository.js";

/*
 * What a run and its stages did, as events of OpenLineage 2-0-2 (https://openlineage.io/spec/2-0-2/OpenLineage.json). A
 * stage's event names its run as its parent; documents are datasets, named by their hash.
 */

const PRODUCER = "https://github.com/throughline/throughline";
const SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const FACETS = "https://openlineage.io/spec/facets";

export type OpenLineageType = "START" | "COMPLETE" | "FAIL" | "ABORT" | "OTHER";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The 128 bits of a ULID as OpenLineage wants its run ids. */
export function uuidOf(ulid: string): string {
  let bits = 0n;
  for (const letter of ulid) bits = bits * 32n + BigInt(CROCKFORD.indexOf(letter));
  const hex = (bits & ((1n << 128n) - 1n)).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const facet = (schema: string, fields: object) => ({
  _producer: PRODUCER,
  _schemaURL: `${FACETS}/${schema}`,
  ...fields,
});
const dataset = (namespace: string, hash: string | null, name: string) =>
  hash === null ? [] : [{ namespace, name: `${name}/${hash}` }];

type Told = Pick<Run, "id" | "ulid" | "flow" | "flowVersion"> & { readonly problem?: string | null };
type ToldStage = Pick<StageRun, "stage" | "inputHash" | "outputHash" | "problem"> & { readonly ulid: string };

/** One event for the outbox: of a run, or of one try of a stage in it. */
export function openLineage(
  tenantId: string,
  eventType: OpenLineageType,
  at: Instant,
  run: Told,
  stage?: ToldStage,
): DomainEvent {
  const namespace = `throughline.${tenantId}`;
  const problem = stage === undefined ? run.problem : stage.problem;
  const job = stage === undefined ? run.flow : `${run.flow}.${stage.stage}`;
  const parent = { run: { runId: uuidOf(run.ulid) }, job: { namespace, name: run.flow } };
  const facets = {
    ...(stage === undefined ? {} : { parent: facet("1-1-0/ParentRunFacet.json#/$defs/ParentRunFacet", parent) }),
    ...(eventType === "FAIL" && problem
      ? {
          errorMessage: facet("1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet", {
            message: problem,
            programmingLanguage: "TypeScript",
          }),
        }
      : {}),
  };
  return {
    type: "openlineage.run-event",
    subject: run.id,
    data: {
      eventType,
      eventTime: new Date(at).toISOString(),
      run: { runId: uuidOf((stage ?? run).ulid), facets },
      job: {
        namespace,
        name: job,
        facets: {
          jobType: facet("2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet", {
            processingType: "BATCH",
            integration: "THROUGHLINE",
            jobType: stage === undefined ? "FLOW" : "STAGE",
          }),
        },
      },
      inputs: stage === undefined ? [] : dataset(namespace, stage.inputHash, "document"),
      outputs: stage === undefined ? [] : dataset(namespace, stage.outputHash, "document"),
      producer: PRODUCER,
      schemaURL: SCHEMA,
    },
  };
}
