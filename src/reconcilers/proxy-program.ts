/** What a proxy's container runs, whichever proxy it is. */
import type { PrivateFile } from "../model/step.ts";

export interface ProxyProgram {
  readonly image: string;
  /** Absent: the image's own. */
  readonly entrypoint?: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** In `/secrets`, for its user alone. */
  readonly files: readonly Pick<PrivateFile, "name" | "text">[];
  /** How long it goes on once its service has left rotation, unless the job says otherwise; absent = not at all. */
  readonly shutdownDelay?: number;
}

/** Why there is none, in one sentence. */
export interface NoProgram {
  readonly problem: string;
}
