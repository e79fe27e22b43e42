/** Parses HCL's structure: bodies of arguments and blocks. After a syntax error it goes on with what comes next. */
import { AlreadyReported, LimitError, SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Label } from "../tree.ts";
import type { AttributeNode, BlockNode, BodyNode, Expression, Template } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { parseExpression } from "./expressions.ts";
import { lexFile, lexTemplate } from "./lexer.ts";
import { tokenAfter } from "./recovery.ts";
import { unescapeQuoted } from "./strings.ts";
import { parseTemplateParts } from "./templates.ts";
import type { Token } from "./tokens.ts";
import { probablyUnclosed } from "./unclosed.ts";

/** With more than these the file is not what we take it for. */
const MAX_ERRORS = 50;

/** A body under construction. */
interface Items {
  readonly attributes: AttributeNode[];
  readonly blocks: BlockNode[];
  readonly names: Map<string, Range>;
  incomplete: boolean;
}

/** Reports what it cannot parse, and leaves it out. */
export function parseHcl(text: string, problems: Problems): BodyNode {
  const file = problems.attempt(() => new FileParser(text, problems).file());
  return file ?? { attributes: [], blocks: [], incomplete: true };
}

/** A template without quotes around it, as the strings of JSON and YAML job files are. Throws SourceError. */
export function parseBareTemplate(text: string): Template {
  const cursor = new Cursor(text, lexTemplate(text), parseExpression);
  return { kind: "template", parts: parseTemplateParts(cursor, "end of file"), range: { start: 0, end: text.length } };
}

/** One expression and nothing after it. Throws SourceError. */
export function parseExpressionText(text: string): Expression {
  const cursor = new Cursor(text, lexFile(text), parseExpression);
  return cursor.withNewlines(false, () => {
    const expression = cursor.expression();
    const rest = cursor.peek();
    if (rest.type !== "end of file") throw new SourceError(rest, "The expression should end here");
    return expression;
  });
}

class FileParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #cursor: Cursor;
  readonly #problems: Problems;
  #errors = 0;
  /** What stands before this offset belongs to an item in error: a second reading finds neither true errors nor true items. */
  #readTo = 0;

  constructor(text: string, problems: Problems) {
    this.#text = text;
    this.#tokens = lexFile(text);
    this.#cursor = new Cursor(text, this.#tokens, parseExpression);
    this.#problems = problems;
  }

  file(): BodyNode {
    const items = newItems();
    const finished = this.#problems.attempt(() => {
      while (!this.#cursor.atEnd) this.#itemOrSkip(items);
      return true;
    });
    items.incomplete ||= finished === undefined;
    return items;
  }

  /** Errors that concern one item are reported here; those that end everything go on. */
  #itemOrSkip(items: Items): void {
    const cursor = this.#cursor;
    const mark = cursor.mark();
    try {
      this.#item((this.#tokens[mark.next]?.start ?? 0) < this.#readTo ? newItems() : items);
    } catch (error) {
      if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
      items.incomplete = true;
      const reached = cursor.mark().next;
      this.#report(error);
      this.#readTo = Math.max(this.#readTo, this.#tokens[reached]?.start ?? this.#text.length);
      const failure = { text: this.#text, tokens: this.#tokens, start: mark.next, reached };
      cursor.goOn(mark, tokenAfter(failure));
    }
  }

  #report(error: SourceError): void {
    if (error.problem.range.start < this.#readTo) return;
    this.#problems.attempt(() => {
      throw error;
    });
    if (++this.#errors >= MAX_ERRORS) throw new AlreadyReported(error.problem.range);
  }

  #item(items: Items): void {
    const cursor = this.#cursor;
    const token = cursor.take();
    if (token.type === "newline") return;
    if (token.type === "quote-open") throw new SourceError(token, "The name of an argument is written without quotes");
    if (token.type !== "identifier") throw this.#unexpected(token);
    if (cursor.takeIf("=") !== undefined) {
      const attribute = this.#attribute(token);
      this.#endLine("argument");
      this.#add(items, attribute);
      return;
    }
    if (!startsBlockRest(cursor.peek())) throw neitherNor(cursor.textOf(token), token);
    items.blocks.push(this.#block(items, token));
    this.#endLine("block");
  }

  /** A brace that closes nothing comes from an error before, when there was one. */
  #unexpected(token: Token): SourceError {
    if (token.type === "}" && this.#errors > 0) return new AlreadyReported(token);
    if (token.type !== "}") return new SourceError(token, "An argument or a block is expected here");
    const detail = "Take it out, or look for a brace before it that closes its block too early";
    return new SourceError(token, "This brace closes nothing", detail);
  }

  #attribute(name: Token): AttributeNode {
    const cursor = this.#cursor;
    return { name: cursor.textOf(name), nameRange: name, expression: cursor.expression() };
  }

  #add(items: Items, attribute: AttributeNode): void {
    const { name, nameRange } = attribute;
    const first = items.names.get(name);
    if (first === undefined) {
      items.names.set(name, nameRange);
      items.attributes.push(attribute);
      return;
    }
    const related = { range: first, summary: "First set here" };
    this.#problems.add(nameRange, `The argument "${name}" is set twice`, "Remove one of the two", related);
  }

  #endLine(what: string): void {
    const next = this.#cursor.peek();
    if (next.type === "end of file" || this.#cursor.takeIf("newline") !== undefined) return;
    throw new SourceError(
      next,
      `A new line is expected after the ${what}`,
      "Each argument and block has lines of its own",
    );
  }

  #block(items: Items, type: Token): BlockNode {
    const cursor = this.#cursor;
    const labels = parseLabels(cursor, (error) => this.#report(error));
    items.incomplete ||= labels.some(({ faulty }) => faulty === true);
    const range: Range = { start: type.start, end: labels.at(-1)?.range.end ?? type.end };
    const open = cursor.expect("{", ...labelOrBrace(cursor.textOf(type), cursor.peek()));
    const head = { start: range.start, end: open.end };
    const body = cursor.nested(() => this.#blockBody(open, head));
    return { type: cursor.textOf(type), range, labels, body };
  }

  #blockBody(open: Token, head: Range): BodyNode {
    const cursor = this.#cursor;
    const items = newItems();
    if (cursor.next?.type === "identifier") this.#oneLineBody(items, head);
    while (cursor.next?.type !== "}") {
      if (cursor.atEnd) throw this.#unclosed(open);
      this.#itemOrSkip(items);
    }
    cursor.take();
    return items;
  }

  /** After another error it is only its consequence. */
  #unclosed(open: Token): SourceError {
    if (this.#errors > 0) return new AlreadyReported(open);
    const guess = probablyUnclosed(this.#text, this.#tokens);
    const summary = "By the indentation it is this block that is not closed";
    const related = guess === undefined || guess === open ? undefined : { range: guess, summary };
    return new SourceError(open, "This block is not closed", 'A "}" is missing', related);
  }

  /** `name { argument = value }`: one argument, and the closing brace on the same line. */
  #oneLineBody(items: Items, head: Range): void {
    const cursor = this.#cursor;
    const name = cursor.take();
    const isBlock = cursor.peek().type !== "=";
    const inside = isBlock ? `${cursor.textOf(name)} { … }` : "each argument";
    const detail = `Write ${inside} on a line of its own, between "${cursor.textOf(head)}" and "}"`;
    cursor.expect("=", "A block on one line can hold a single argument only", detail);
    this.#add(items, this.#attribute(name));
    const next = cursor.peek();
    if (next.type === "}" || next.type === "end of file") return;
    throw new SourceError(next, "A block on one line ends after its only argument", detail);
  }
}

function newItems(): Items {
  return { attributes: [], blocks: [], names: new Map(), incomplete: false };
}

function startsBlockRest(token: Token): boolean {
  return token.type === "{" || token.type === "quote-open" || token.type === "identifier";
}

function labelOrBrace(name: string, next: Token): [summary: string, detail?: string] {
  const summary = "A label in quotes or an opening brace is expected here";
  if (next.type !== "newline" && next.type !== "end of file") return [summary];
  return [summary, `Write ${name} = VALUE to set an argument; a block has its "{" in the same line`];
}

function neitherNor(name: string, range: Range): SourceError {
  const detail = `Write ${name} = VALUE to set an argument, or ${name} { … } for a block`;
  return new SourceError(range, `"${name}" is neither an argument nor a block as it stands`, detail);
}

/** What is wrong inside a label ends nothing but the label. */
function parseLabels(cursor: Cursor, report: (error: SourceError) => void): Label[] {
  const labels: Label[] = [];
  for (;;) {
    const word = cursor.takeIf("identifier");
    const quote = word === undefined ? cursor.takeIf("quote-open") : undefined;
    if (word !== undefined) labels.push({ text: cursor.textOf(word), range: word });
    else if (quote !== undefined) labels.push(parseQuotedLabel(cursor, quote, report));
    else return labels;
  }
}

function parseQuotedLabel(cursor: Cursor, open: Token, report: (error: SourceError) => void): Label {
  const text = cursor.takeIf("text");
  const plain = cursor.takeIf("quote-close");
  if (plain !== undefined) {
    return {
      text: text === undefined ? "" : unescapeQuoted(cursor, text),
      range: { start: open.start, end: plain.end },
    };
  }
  const detail = "Double the $ or % for itself";
  report(new SourceError(cursor.peek(), "A label is plain text: it cannot hold a template", detail));
  const end = endOfQuoted(cursor);
  const written = cursor.text.slice(open.end, end.start).replaceAll(/\s/g, "");
  return { text: written, range: { start: open.start, end: end.end }, faulty: true };
}

/** Takes the rest of a quoted string, whatever is in it, and gives its closing quote. */
function endOfQuoted(cursor: Cursor): Token {
  for (let depth = 1; ;) {
    const token = cursor.take();
    if (token.type === "quote-open") depth++;
    if (token.type === "quote-close" && --depth === 0) return token;
    if (token.type === "end of file") throw new AlreadyReported(token);
  }
}
