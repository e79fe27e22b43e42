/** What a job file declares with `variable`, `variables` and `locals`, whatever its form. */
import type { Roots } from "../roots.ts";
import type { Range } from "../source.ts";
import type { Label, Type, Value } from "../tree.ts";

/** An argument that has not been evaluated yet. Each way to read it throws SourceError. */
export interface DeclaredItem {
  readonly name: string;
  readonly nameRange: Range;
  readonly valueRange: Range;
  /** As a type expression. */
  readonly type: () => Type;
  /** As a value that refers to nothing. */
  readonly constant: () => Value;
  readonly evaluate: (roots: Roots) => Value;
}

export interface DeclarationBlock {
  readonly type: string;
  /** The type and the labels. */
  readonly range: Range;
  readonly labels: readonly Label[];
  readonly items: readonly DeclaredItem[];
  readonly blocks: readonly DeclarationBlock[];
  /** Something in it could not be read. */
  readonly incomplete: boolean;
}

export const DECLARATIONS: ReadonlySet<string> = new Set(["variable", "variables", "locals"]);

export interface VariableDeclaration {
  readonly name: string;
  readonly range: Range;
  readonly type?: Type;
  readonly default?: Value;
  /** The default as it is written, also where it does not fit the type. */
  readonly written?: Value;
  readonly sensitive: boolean;
  readonly validations: readonly Validation[];
  /** Its declaration is in error, so nothing is said of its value. */
  readonly broken: boolean;
}

export interface Validation {
  readonly condition: DeclaredItem;
  /** The user's own sentence. */
  readonly message: string;
}

export interface Declarations {
  readonly variables: readonly VariableDeclaration[];
  readonly locals: readonly DeclaredItem[];
  /** Some of them could not be read, so that an unknown name may be one of those. */
  readonly incomplete: boolean;
}
