/** A run's record, for those who drive runs on: the repository itself is this folder's own. */
export { dueRuns, readDocuments, readRun, type Run, type RunRecord, type StageRun } from "./run.repository.js";
