/** Parses what stands in brackets and braces: tuples, objects and `for` expressions. */
import { SourceError } from "../problems.ts";
import type { Expression } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import type { Token } from "./tokens.ts";

export interface ForNames {
  readonly keyName?: string;
  readonly valueName: string;
}

export function parseCollection(cursor: Cursor): Expression {
  const open = cursor.take();
  const close = open.type === "[" ? "]" : "}";
  const isFor = cursor.withNewlines(false, () => cursor.isWord("for"));
  if (isFor) return cursor.withNewlines(false, () => parseFor(cursor, open, close));
  if (close === "]") return cursor.withNewlines(false, () => parseTuple(cursor, open));
  return cursor.withNewlines(true, () => parseObject(cursor, open));
}

function parseTuple(cursor: Cursor, open: Token): Expression {
  const items: Expression[] = [];
  let close = cursor.takeIf("]");
  while (close === undefined) {
    items.push(cursor.expression());
    const comma = cursor.takeIf(",");
    close = cursor.takeIf("]");
    if (comma === undefined && close === undefined) throw unclosed(cursor, open, "A comma or a closing bracket");
  }
  return { kind: "tuple", items, range: { start: open.start, end: close.end } };
}

function parseObject(cursor: Cursor, open: Token): Expression {
  const items: { key: Expression; value: Expression }[] = [];
  let close = closeObject(cursor);
  while (close === undefined) {
    const key = cursor.expression();
    if (cursor.takeIf("=") === undefined && cursor.takeIf(":") === undefined)
      throw unclosed(cursor, open, "An = or a : between a key and its value");
    items.push({ key, value: cursor.expression() });
    const separated = cursor.takeIf(",") ?? cursor.takeIf("newline");
    close = closeObject(cursor);
    if (separated === undefined && close === undefined)
      throw unclosed(cursor, open, "A comma, a new line or a closing brace");
  }
  return { kind: "object", items, range: { start: open.start, end: close.end } };
}

function closeObject(cursor: Cursor): Token | undefined {
  while (cursor.takeIf("newline") !== undefined);
  return cursor.takeIf("}");
}

function unclosed(cursor: Cursor, open: Token, expected: string): SourceError {
  const next = cursor.peek();
  if (next.type !== "end of file") return new SourceError(next, `${expected} is expected here`);
  return new SourceError(open, `This "${open.type}" is not closed`);
}

function parseFor(cursor: Cursor, open: Token, closing: "]" | "}"): Expression {
  cursor.take();
  const names = parseForNames(cursor);
  const collection = cursor.expression();
  cursor.expect(":", 'A colon is expected after the collection of a "for"');
  const first = cursor.expression();
  const value = parseForValue(cursor, closing, first);
  const ellipsis = cursor.takeIf("...");
  if (ellipsis !== undefined && closing === "]")
    throw new SourceError(ellipsis, "Only an object can group values with ...");
  const condition = cursor.isWord("if") ? parseForCondition(cursor) : undefined;
  const close = cursor.expect(closing, 'The "for" expression should end here');
  return {
    kind: "for",
    ...names,
    collection,
    value: value ?? first,
    group: ellipsis !== undefined,
    ...(value === undefined ? {} : { key: first }),
    ...(condition === undefined ? {} : { condition }),
    range: { start: open.start, end: close.end },
  };
}

/** `name in` or `key, value in`, of expressions and of template directives. */
export function parseForNames(cursor: Cursor): ForNames {
  const first = cursor.textOf(cursor.expect("identifier", 'A name is expected after "for"'));
  const comma = cursor.takeIf(",");
  const second = comma && cursor.textOf(cursor.expect("identifier", "A second name is expected after the comma"));
  if (!cursor.isWord("in"))
    throw new SourceError(cursor.peek(), 'The word "in" is expected after the names of a "for"');
  cursor.take();
  return second === undefined ? { valueName: first } : { keyName: first, valueName: second };
}

function parseForValue(cursor: Cursor, closing: "]" | "}", first: Expression): Expression | undefined {
  const arrow = cursor.takeIf("=>");
  if (arrow === undefined && closing === "}") {
    throw new SourceError(first.range, 'A "for" that builds an object needs KEY => VALUE');
  }
  if (arrow !== undefined && closing === "]") throw new SourceError(arrow, 'A "for" that builds a list has no keys');
  return arrow && cursor.expression();
}

function parseForCondition(cursor: Cursor): Expression {
  cursor.take();
  return cursor.expression();
}
