/** An error that is the user's to solve: its message is the whole story, in sentences. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** An error that nobody expected comes with its stack, for the report; one that was comes as a sentence. */
export function told(error: unknown): string {
  if (error instanceof UserError) return error.message;
  const expected = error instanceof Error && ["ListenError", "PortFailure"].includes(error.name);
  if (expected) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
