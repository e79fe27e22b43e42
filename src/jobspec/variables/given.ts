/** The values that variables are given from outside the job file. */
import type { Value } from "../tree.ts";

export interface GivenVariable {
  readonly name: string;
  /** How an error names its source: `--var`, `REMORA_VAR_count`, `prod.hcl:3:1`. */
  readonly where: string;
  /** The environment may hold what is meant for other jobs; a flag or a var file that no variable matches is a mistake. */
  readonly from: "environment" | "file" | "flag";
  /** Text is read as the variable's type asks for it; a value stands in a var file. */
  readonly value: string | Value;
}

/** In order of precedence: of two for one variable the later one counts. */
export type GivenVariables = readonly GivenVariable[];
