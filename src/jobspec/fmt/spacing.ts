/** Whether a space stands between two pieces of a line; the rules are those of HCL's own formatter. */
import { closes, opens } from "./brackets.ts";
import type { Piece } from "./pieces.ts";

interface Neighbours {
  /** What stands before the two, in the same part of the line. */
  readonly before: Piece | undefined;
  readonly left: Piece;
  readonly right: Piece;
  /** What stands behind the two. */
  readonly after: Piece | undefined;
}

interface Rule {
  readonly applies: (neighbours: Neighbours) => boolean;
  readonly space: boolean;
}

/** Behind these a minus is a sign; behind anything else it is taken for a subtraction. */
const BEFORE_SIGN = "( { [ = : , ? + * / % - == != > >= < <= && || !";
const beforeSign: ReadonlySet<string> = new Set(BEFORE_SIGN.split(" "));
const BEFORE_TEXT: ReadonlySet<string> = new Set(["text", "quote-open", "heredoc-open"]);
const BEHIND_TEXT: ReadonlySet<string> = new Set(["text", "quote-close", "heredoc-close"]);
const TIGHT: ReadonlySet<string> = new Set([".", "::"]);
const SEQUENCES: ReadonlySet<string> = new Set(["interpolation-open", "directive-open"]);

/** The first that applies decides. */
const RULES: readonly Rule[] = [
  { space: false, applies: ({ right }) => right.type === "newline" },
  // `b.1 .5e2` would become another number.
  {
    space: true,
    applies: ({ left, right, after }) => left.type === "number" && right.type === "." && isFraction(after),
  },
  // A function and its arguments.
  { space: false, applies: ({ left, right }) => left.type === "identifier" && right.type === "(" },
  { space: false, applies: ({ left, right }) => TIGHT.has(left.type) || TIGHT.has(right.type) },
  { space: false, applies: ({ right }) => right.type === "," || right.type === "..." },
  { space: true, applies: ({ left }) => left.type === "," },
  // Text is what it is.
  { space: false, applies: ({ left, right }) => BEFORE_TEXT.has(left.type) || BEHIND_TEXT.has(right.type) },
  // `for x in [1]` is no index, …
  { space: true, applies: ({ before, left }) => isIn(left) && before?.type === "identifier" },
  // … but this is one.
  { space: false, applies: ({ left, right }) => right.type === "[" && isIndexable(left) },
  { space: false, applies: ({ left }) => left.type === "!" },
  { space: false, applies: ({ before, left }) => left.type === "-" && isBeforeSign(before) },
  { space: true, applies: ({ left }) => left.type === "-" },
  { space: false, applies: ({ left, right }) => left.type === "{" && right.type === "}" },
  { space: true, applies: ({ left, right }) => left.type === "{" || right.type === "}" },
  // An object alone in a sequence: `${ { … } }`.
  { space: true, applies: ({ left, right }) => SEQUENCES.has(left.type) && right.type === "{" },
  { space: true, applies: ({ left, right }) => left.type === "}" && right.type === "template-close" },
  { space: false, applies: ({ left, right }) => left.type === "template-close" && SEQUENCES.has(right.type) },
  { space: false, applies: ({ left, right }) => opens(left) || closes(right) },
];

export function isSpaced(neighbours: Neighbours): boolean {
  return RULES.find(({ applies }) => applies(neighbours))?.space ?? true;
}

/** Whether it would be a number's fraction or exponent, if a number and a dot stood right before it. */
function isFraction(piece: Piece | undefined): boolean {
  return piece?.type === "number" || (piece?.type === "identifier" && /^[eE]\d/.test(piece.text));
}

function isIn({ type, text }: Piece): boolean {
  return type === "identifier" && text === "in";
}

function isIndexable(piece: Piece): boolean {
  return piece.type === "identifier" || piece.type === "number" || closes(piece);
}

function isBeforeSign(before: Piece | undefined): boolean {
  return before === undefined || beforeSign.has(before.type);
}
