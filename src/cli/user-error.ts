/** An error that is the user's to solve: its message is the whole story, in sentences. */
export class UserError extends Error {
  override readonly name = "UserError";
}
