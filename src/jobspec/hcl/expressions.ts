/** Parses HCL expressions: conditionals, operators by precedence, and what is taken out of a term. */
import { SourceError } from "../problems.ts";
import type { BinaryOperator, Expression, Step } from "./ast.ts";
import { parseCollection } from "./collections.ts";
import type { Cursor } from "./cursor.ts";
import { parseSteps } from "./steps.ts";
import { parseTemplate } from "./templates.ts";
import { isNumber } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Loosest first; all of them associate to the left. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [["||"], ["&&"], ["==", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]].flatMap((operators, level) =>
    operators.map((operator) => [operator, level] as const),
  ),
);

/** Called through `Cursor.expression`, which counts the nesting. */
export function parseExpression(cursor: Cursor): Expression {
  const condition = parseBinary(cursor, 0);
  if (cursor.takeIf("?") === undefined) return condition;
  const whenTrue = cursor.expression();
  cursor.expect(":", "A conditional needs a second value after a colon", "Write CONDITION ? VALUE : OTHER");
  const whenFalse = cursor.expression();
  const range = { start: condition.range.start, end: whenFalse.range.end };
  return { kind: "conditional", condition, whenTrue, whenFalse, range };
}

/** Operators of at least this level, gathered to the left. */
function parseBinary(cursor: Cursor, level: number): Expression {
  let left = parseTerm(cursor);
  for (;;) {
    const found = PRECEDENCE.get(cursor.peek().type);
    if (found === undefined || found < level) return left;
    const operator = cursor.take().type as BinaryOperator;
    const right = parseBinary(cursor, found + 1);
    left = { kind: "binary", operator, left, right, range: { start: left.range.start, end: right.range.end } };
  }
}

/** A term with everything that follows it: `a.b[0]`. A sign applies to all of that: `-a.b` is `-(a.b)`. */
function parseTerm(cursor: Cursor): Expression {
  const token = cursor.peek();
  if (token.type === "-" || token.type === "!") return parseUnary(cursor);
  const base = parseBase(cursor);
  const steps: readonly Step[] = parseSteps(cursor);
  const end = steps.at(-1)?.range.end;
  if (end === undefined) return base;
  return { kind: "access", base, steps, range: { start: base.range.start, end } };
}

function parseUnary(cursor: Cursor): Expression {
  const token = cursor.take();
  const operand = cursor.nested(() => parseTerm(cursor));
  const operator = token.type === "-" ? "-" : "!";
  return { kind: "unary", operator, operand, range: { start: token.start, end: operand.range.end } };
}

function parseBase(cursor: Cursor): Expression {
  const token = cursor.peek();
  switch (token.type) {
    case "number":
      return parseNumber(cursor);
    case "identifier":
      return parseWord(cursor);
    case "quote-open":
    case "heredoc-open":
      return parseTemplate(cursor);
    case "(":
      return parseParentheses(cursor);
    case "[":
    case "{":
      return parseCollection(cursor);
    case "end of file":
      throw new SourceError(token, "A value is expected here, but the file ends");
    default:
      throw new SourceError(token, "A value is expected here");
  }
}

function parseNumber(cursor: Cursor): Expression {
  const token = cursor.take();
  const text = cursor.textOf(token);
  if (!isNumber(text)) throw new SourceError(token, `"${text}" is not a number`);
  return { kind: "number", text, range: token };
}

function parseParentheses(cursor: Cursor): Expression {
  const open = cursor.take();
  const [inner, close] = cursor.withNewlines(false, () => {
    const expression = cursor.expression();
    return [expression, cursor.expect(")", "A closing parenthesis is expected here")] as const;
  });
  return { kind: "parentheses", inner, range: { start: open.start, end: close.end } };
}

function parseWord(cursor: Cursor): Expression {
  const token = cursor.take();
  const name = cursor.textOf(token);
  if (cursor.peek().type === "::") return parseNamespacedCall(cursor, token);
  if (cursor.peek().type === "(") return parseCall(cursor, token, name);
  if (name === "true" || name === "false") return { kind: "bool", value: name === "true", range: token };
  if (name === "null") return { kind: "null", range: token };
  return { kind: "variable", name, range: token };
}

function parseNamespacedCall(cursor: Cursor, first: Token): Expression {
  let name = cursor.textOf(first);
  while (cursor.takeIf("::") !== undefined) {
    name += `::${cursor.textOf(cursor.expect("identifier", "A function name is expected after ::"))}`;
  }
  if (cursor.peek().type !== "(")
    throw new SourceError(cursor.peek(), `An opening parenthesis is expected after "${name}"`);
  return parseCall(cursor, first, name);
}

function parseCall(cursor: Cursor, first: Token, name: string): Expression {
  const open = cursor.take();
  const args: Expression[] = [];
  return cursor.withNewlines(false, () => {
    let ellipsis: Token | undefined;
    while (cursor.peek().type !== ")" && ellipsis === undefined) {
      args.push(cursor.expression());
      ellipsis = cursor.takeIf("...");
      if (ellipsis === undefined) endArgument(cursor, open, name);
    }
    const close = cursor.takeIf(")");
    if (close === undefined) throw new SourceError(ellipsis ?? open, "Nothing can follow an argument with ...");
    const expandLast = ellipsis !== undefined;
    return { kind: "call", name, args, expandLast, range: { start: first.start, end: close.end } } as const;
  });
}

function endArgument(cursor: Cursor, open: Token, name: string): void {
  const next = cursor.peek();
  if (next.type === ")" || cursor.takeIf(",") !== undefined) return;
  if (next.type === "end of file") throw new SourceError(open, `This call of "${name}" is not closed`);
  throw new SourceError(next, "A comma is expected between the arguments of a function");
}
