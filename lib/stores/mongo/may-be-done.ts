/** Which errors leave open whether a step was carried out: the driver's own retries may have failed after a first run. */
import type { mongo } from 'mongoose';

/** The answer to a command belongs to another one: what became of this one is not known. */
export class OutOfStepError extends Error {
  constructor() {
    super(
      "the server's answer belongs to another question; restart this process, because its connection is out of step",
    );
  }
}

/** The driver's classes, of the copy that the connection comes from. */
export type ErrorClasses = Pick<typeof mongo, 'MongoError' | 'MongoServerError' | 'MongoWriteConcernError'>;

/**
 * What servers say of a step that broke off, or of which a router lost sight: InternalError (of FerretDB when it has lost PostgreSQL),
 * HostUnreachable, HostNotFound, UnknownError, MaxTimeMSExpired, WriteConcernFailed, NetworkTimeout, ShutdownInProgress,
 * PrimarySteppedDown, NetworkInterfaceExceededTimeLimit, ExceededTimeLimit, SocketException, InterruptedAtShutdown, Interrupted,
 * InterruptedDueToReplStateChange. Servers label them only if the driver retries writes.
 */
const BROKEN_OFF: ReadonlySet<unknown> = new Set([
  1, 6, 7, 8, 50, 64, 89, 91, 189, 202, 262, 9001, 11_600, 11_601, 11_602,
]);

/** Returns false if it is certain that a step that failed was not carried out. */
export function mayBeDone(
  error: unknown,
  { MongoError, MongoServerError, MongoWriteConcernError }: ErrorClasses,
): boolean {
  if (error instanceof OutOfStepError) return true;
  // Such as mongoose's, of what waited in vain for a connection.
  if (!(error instanceof MongoError)) return false;
  if (!(error instanceof MongoServerError) || error instanceof MongoWriteConcernError) return true;
  return error.hasErrorLabel('RetryableWriteError') || BROKEN_OFF.has(error.code);
}
