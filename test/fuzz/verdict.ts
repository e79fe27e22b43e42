/** Whether a text is right, and if not, where it is first found wrong. */

export interface Verdict {
  readonly accepted: boolean;
  /** 1-based, of the only mistake. */
  readonly line?: number | undefined;
  readonly message?: string;
}
