/** Parses what is taken out of a term: `.name`, `.0`, `[key]`, and the splats `.*` and `[*]`. */
import { SourceError } from "../problems.ts";
import type { Step } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { isNumber } from "./tokens.ts";
import type { Token } from "./tokens.ts";

export function parseSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  for (;;) {
    const type = cursor.peek().type;
    if (type === ".") steps.push(parseDot(cursor));
    else if (type === "[") steps.push(parseBracket(cursor));
    else return steps;
  }
}

function parseDot(cursor: Cursor): Step {
  const dot = cursor.take();
  const star = cursor.takeIf("*");
  if (star === undefined) return parseDotName(cursor, dot);
  const each: Step[] = [];
  while (cursor.peek().type === ".") {
    const next = cursor.take();
    if (cursor.peek().type === "*")
      throw new SourceError(cursor.peek(), "A .* cannot follow another one", "Use [*] instead");
    each.push(parseDotName(cursor, next));
  }
  return { kind: "splat", each, range: { start: dot.start, end: each.at(-1)?.range.end ?? star.end } };
}

/** After the dot stands a name, or a number in the old notation for an index. */
function parseDotName(cursor: Cursor, dot: Token): Step {
  const token = cursor.peek();
  const text = cursor.textOf(token);
  const range = { start: dot.start, end: token.end };
  if (token.type === "identifier") {
    cursor.take();
    return { kind: "attribute", name: text, range };
  }
  if (token.type !== "number") throw new SourceError(dot, "A name is expected after the dot");
  if (text.includes("."))
    throw new SourceError(token, "Two indexes cannot be chained with dots", "Write [0][1] instead");
  if (!isNumber(text)) throw new SourceError(token, `"${text}" is not a number`);
  cursor.take();
  return { kind: "index", key: { kind: "number", text, range: token }, range };
}

function parseBracket(cursor: Cursor): Step {
  const open = cursor.take();
  const inside = cursor.withNewlines(false, () => {
    const key = cursor.takeIf("*") === undefined ? cursor.expression() : undefined;
    return { key, close: cursor.expect("]", "A closing bracket is expected here") };
  });
  const range = { start: open.start, end: inside.close.end };
  if (inside.key !== undefined) return { kind: "index", key: inside.key, range };
  const each = cursor.nested(() => parseSteps(cursor));
  return { kind: "splat", each, range: { start: open.start, end: each.at(-1)?.range.end ?? range.end } };
}
