import { Neo4jError } from "neo4j-driver";
import { DomainError } from "../errors.js";

const TIMED_OUT = /TransactionTimedOut|TransactionTerminated|LockClientStopped/;
const UNREACHABLE = /ServiceUnavailable|SessionExpired|DatabaseUnavailable|DatabaseNotFound/;
const REFUSED_US = /Security\.(Unauthorized|AuthenticationRateLimit|CredentialsExpired)/;

export const isUniquenessRace = (error: unknown): boolean =>
  error instanceof Neo4jError && error.code === "Neo.ClientError.Schema.ConstraintValidationFailed";

const REMEDY = "The database refuses our user or password; check NEO4J_USER and NEO4J_PASSWORD.";

/** What a driver failure means to whoever runs Throughline, and can mend it. */
export const toOperatorError = (error: unknown): unknown =>
  error instanceof Neo4jError && REFUSED_US.test(error.code)
    ? new DomainError("UNAVAILABLE", REMEDY, undefined, { cause: error })
    : toDomainError(error);

/** What a driver failure means to a caller. Anything that isn't the driver's passes through. */
export function toDomainError(error: unknown): unknown {
  if (!(error instanceof Neo4jError)) return error;
  if (TIMED_OUT.test(error.code)) {
    return new DomainError(
      "TIMEOUT",
      "The database took too long; ask for less: a smaller depth, `first` or filter.",
      undefined,
      { cause: error },
    );
  }
  if (UNREACHABLE.test(error.code)) {
    return new DomainError("UNAVAILABLE", "The database can't be reached just now; try again shortly.", undefined, {
      cause: error,
    });
  }
  if (REFUSED_US.test(error.code)) {
    return new DomainError(
      "UNAVAILABLE",
      "The database can't be used just now; the correlation id leads to the reason in the log.",
      undefined,
      // The log tells causes, an answer never does.
      { cause: new Error(REMEDY, { cause: error }) },
    );
  }
  return new DomainError("INTERNAL", "The database failed a query.", undefined, { cause: error });
}
