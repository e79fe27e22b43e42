/** Parses HCL's structure: bodies of arguments and blocks. Stops at the first syntax error. */
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Label } from "../tree.ts";
import type { AttributeNode, BlockNode, BodyNode, Template } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { parseExpression } from "./expressions.ts";
import { lexFile, lexTemplate } from "./lexer.ts";
import { unescapeQuoted } from "./strings.ts";
import { parseTemplateParts } from "./templates.ts";
import type { Token } from "./tokens.ts";

interface Items {
  readonly attributes: AttributeNode[];
  readonly blocks: BlockNode[];
  readonly names: Set<string>;
}

/** Throws SourceError. */
export function parseHcl(text: string): BodyNode {
  const cursor = new Cursor(text, lexFile(text), parseExpression);
  const items = newItems();
  while (cursor.peek().type !== "end of file") parseItem(cursor, items);
  return items;
}

/** A template without quotes around it, as the strings of JSON and YAML job files are. Throws SourceError. */
export function parseBareTemplate(text: string): Template {
  const cursor = new Cursor(text, lexTemplate(text), parseExpression);
  return { kind: "template", parts: parseTemplateParts(cursor, "end of file"), range: { start: 0, end: text.length } };
}

function newItems(): Items {
  return { attributes: [], blocks: [], names: new Set() };
}

function parseItem(cursor: Cursor, items: Items): void {
  const token = cursor.take();
  if (token.type === "newline") return;
  if (token.type === "quote-open") throw new SourceError(token, "The name of an argument is written without quotes");
  if (token.type !== "identifier") throw new SourceError(token, "An argument or a block is expected here");
  if (cursor.takeIf("=") !== undefined) {
    addAttribute(items, parseAttribute(cursor, token));
    endLine(cursor, "argument");
    return;
  }
  if (!startsBlockRest(cursor.peek())) {
    const name = cursor.textOf(token);
    const detail = `Write ${name} = VALUE to set an argument, or ${name} { … } for a block`;
    throw new SourceError(token, `"${name}" is neither an argument nor a block as it stands`, detail);
  }
  items.blocks.push(parseBlock(cursor, token));
  endLine(cursor, "block");
}

function startsBlockRest(token: Token): boolean {
  return token.type === "{" || token.type === "quote-open" || token.type === "identifier";
}

function parseAttribute(cursor: Cursor, name: Token): AttributeNode {
  return { name: cursor.textOf(name), nameRange: name, expression: cursor.expression() };
}

function addAttribute(items: Items, attribute: AttributeNode): void {
  if (items.names.has(attribute.name)) {
    throw new SourceError(
      attribute.nameRange,
      `The argument "${attribute.name}" is set twice`,
      "Remove one of the two",
    );
  }
  items.names.add(attribute.name);
  items.attributes.push(attribute);
}

function endLine(cursor: Cursor, what: string): void {
  const next = cursor.peek();
  if (next.type === "end of file" || cursor.takeIf("newline") !== undefined) return;
  throw new SourceError(
    next,
    `A new line is expected after the ${what}`,
    "Each argument and block has lines of its own",
  );
}

function parseBlock(cursor: Cursor, type: Token): BlockNode {
  const labels = parseLabels(cursor);
  const range: Range = { start: type.start, end: labels.at(-1)?.range.end ?? type.end };
  const open = cursor.expect("{", "A label in quotes or an opening brace is expected here");
  const body = cursor.nested(() => parseBlockBody(cursor, open));
  return { type: cursor.textOf(type), range, labels, body };
}

function parseLabels(cursor: Cursor): Label[] {
  const labels: Label[] = [];
  for (;;) {
    const word = cursor.takeIf("identifier");
    const quote = word === undefined ? cursor.takeIf("quote-open") : undefined;
    if (word !== undefined) labels.push({ text: cursor.textOf(word), range: word });
    else if (quote !== undefined) labels.push(parseQuotedLabel(cursor, quote));
    else return labels;
  }
}

function parseQuotedLabel(cursor: Cursor, open: Token): Label {
  const text = cursor.takeIf("text");
  const close = cursor.expect(
    "quote-close",
    "A label is plain text: it cannot hold a template",
    "Double the $ or % for itself",
  );
  return { text: text === undefined ? "" : unescapeQuoted(cursor, text), range: { start: open.start, end: close.end } };
}

function parseBlockBody(cursor: Cursor, open: Token): BodyNode {
  const items = newItems();
  if (cursor.peek().type === "identifier") parseOneLineBody(cursor, items);
  while (cursor.takeIf("}") === undefined) {
    if (cursor.peek().type === "end of file")
      throw new SourceError(open, "This block is not closed", 'A "}" is missing');
    parseItem(cursor, items);
  }
  return items;
}

/** `name { argument = value }`: one argument, and the closing brace on the same line. */
function parseOneLineBody(cursor: Cursor, items: Items): void {
  const name = cursor.take();
  const detail = "A block with anything else in it has each item on a line of its own";
  cursor.expect("=", "A block on one line can hold a single argument only", detail);
  addAttribute(items, parseAttribute(cursor, name));
  const next = cursor.peek();
  if (next.type === "}" || next.type === "end of file") return;
  throw new SourceError(next, "A block on one line ends after its only argument", detail);
}
