/** The one stream of events that logs and metrics hang on. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Millis } from "../model/job.ts";
import type { Finding, GroupStatus } from "../model/status.ts";
import type { FailureCode } from "./failure.ts";

export type EngineEvent =
  | { readonly kind: "started"; readonly version: string; readonly node: string; readonly instance: string }
  | { readonly kind: "stopping"; readonly reason: string }
  /** A source was read: `changed` says whether anything differs from the reading before. */
  | {
      readonly kind: "listed";
      readonly source: string;
      readonly count: number;
      readonly changed: boolean;
      readonly ms: Millis;
    }
  /** `code`: that of the port's failure. */
  | { readonly kind: "list-failed"; readonly source: string; readonly error: string; readonly code?: FailureCode }
  | { readonly kind: "watch-broken"; readonly source: string; readonly error: string }
  /** client-go's queue metrics. */
  | { readonly kind: "queue-add"; readonly depth: number }
  | { readonly kind: "queue-retry"; readonly key: string; readonly delay: Millis }
  | { readonly kind: "queue-get"; readonly depth: number; readonly waited: Millis }
  | { readonly kind: "queue-done"; readonly took: Millis }
  /** One turn of the controller ended. */
  | {
      readonly kind: "reconciled";
      readonly key: string;
      readonly result: "settled" | "acted" | "waiting" | "failed";
      readonly steps: number;
      readonly ms: Millis;
    }
  | {
      readonly kind: "step";
      readonly key: string;
      readonly step: string;
      readonly subject: string;
      readonly ms: Millis;
      readonly error?: string;
    }
  | {
      readonly kind: "phase";
      readonly key: string;
      readonly alloc: string;
      readonly service: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: "status"; readonly key: string; readonly status: GroupStatus | undefined }
  | { readonly kind: "tokens"; readonly live: number }
  /** How many intentions carry a mark of this agent's. */
  | { readonly kind: "intentions"; readonly held: number }
  | { readonly kind: "token-minted"; readonly service: string }
  | { readonly kind: "token-deleted" }
  /** A file that cannot be used; its last good version keeps running. */
  | { readonly kind: "file-bad"; readonly path: string; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: "file-good";
      readonly path: string;
      readonly job: string;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly kind: "file-gone"; readonly path: string }
  /** One call of an adapter. `write` says whether it changes the world. */
  | {
      readonly kind: "api-call";
      readonly api: "docker" | "consul";
      readonly operation: string;
      readonly write: boolean;
      readonly outcome: "ok" | "error";
      readonly code: string;
      readonly ms: Millis;
    }
  | ({ readonly kind: "condition" } & Finding)
  | { readonly kind: "problem"; readonly message: string };

export type Observer = (event: EngineEvent) => void;
