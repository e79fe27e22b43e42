/** Something that can be listed whole and that hints when to look again. */

export interface Source<T> {
  /** One full reading of what this instance owns. Throws a PortFailure when it could not look. */
  list(signal: AbortSignal): Promise<T>;
  /**
   * Yields once as soon as it is SUBSCRIBED (so that a listing made after that misses nothing), then whenever to look
   * again. Carries no data, may coalesce, may miss, may repeat. Ends or throws when the stream broke; ends when aborted.
   */
  changes(signal: AbortSignal): AsyncIterable<void>;
}
