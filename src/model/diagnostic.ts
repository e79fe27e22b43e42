/** One thing wrong with a job file, and where: enough to print `file:line:column: summary` with the line under it. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** 1-based; columns count Unicode code points of the line. */
  readonly line: number;
  readonly column: number;
  /** One sentence without a full stop: what is wrong. */
  readonly summary: string;
  /** What to do about it, or more of the reason. */
  readonly detail?: string;
  /** The offending line of the file, without its line end. */
  readonly snippet?: string;
  /** The other place that matters, such as the first of two definitions that collide. */
  readonly related?: RelatedPlace;
}

export interface RelatedPlace {
  readonly file: string;
  /** Counted as in a diagnostic. */
  readonly line: number;
  readonly column: number;
  /** What is there, such as "first set here". */
  readonly summary: string;
  readonly snippet?: string;
}
