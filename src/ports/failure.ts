/** The one error a port throws, and what it says about the world. */

export type FailureCode =
  /** Nobody answered: socket gone, connection refused or reset. */
  | "unreachable"
  /** No answer within the call's limit. */
  | "timeout"
  /** The caller gave up. */
  | "aborted"
  /** A host port is taken by something else. */
  | "port-taken"
  /** The image is not here. */
  | "image-missing"
  /** The named object is not there (where that is not success). */
  | "not-found"
  /** Something else of that name is there, and it is not ours. */
  | "conflict"
  /** Our credentials do not allow it. */
  | "forbidden"
  /** The other side refuses this request as it is. */
  | "rejected"
  /** The other side failed. */
  | "server"
  /** The answer was not what it should be. */
  | "malformed";

export interface FailureDetails {
  readonly code: FailureCode;
  /** What was asked, e.g. `docker: start web-1f3c`. */
  readonly call: string;
  readonly message: string;
  /** Whether it may have happened all the same: a timeout is `unknown`, and so still in flight. */
  readonly effect: "none" | "unknown";
  /** `never`: trying the very same again is of no use until something changes. */
  readonly retry: "backoff" | "never";
  readonly cause?: unknown;
}

/** Thrown by every port, and by nothing else. The message never holds a secret. */
export class PortFailure extends Error {
  override readonly name = "PortFailure";
  readonly code: FailureCode;
  readonly call: string;
  readonly effect: "none" | "unknown";
  readonly retry: "backoff" | "never";

  constructor(details: FailureDetails) {
    super(`${details.call}: ${details.message}`, { cause: details.cause });
    this.code = details.code;
    this.call = details.call;
    this.effect = details.effect;
    this.retry = details.retry;
  }
}
