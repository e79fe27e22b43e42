/** The syntax tree of regular expressions (RE2's syntax), and its parser. */

export type Node =
  | { readonly kind: "character"; readonly accepts: (codePoint: number) => boolean }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly node: Node;
      readonly least: number;
      readonly most: number;
      readonly greedy: boolean;
    }
  | { readonly kind: "group"; readonly node: Node; readonly index: number }
  | { readonly kind: "assertion"; readonly what: Assertion };

export type Assertion = "text start" | "text end" | "line start" | "line end" | "word edge" | "no word edge";

export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

/** Why a text is no regular expression. */
export class RegexMistake extends Error {}
