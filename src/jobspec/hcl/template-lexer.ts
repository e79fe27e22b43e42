/** Scans what stands inside quotes, heredocs and bare templates: text, up to where an expression or the end interrupts it. */
import type { Lexer, Mode } from "./lexer.ts";
import { trimSpace } from "./space.ts";

type TemplateMode = Exclude<Mode, { readonly kind: "plain" }>;

/** Emits the text before the next interruption, and the interruption. */
export function scanTemplate(lexer: Lexer, mode: TemplateMode): void {
  if (mode.kind === "heredoc" && mode.lineStart && closeHeredoc(lexer, mode.marker)) return;
  const length = textLength(lexer, mode);
  if (length > 0) {
    lexer.emit("text", length);
    if (mode.kind === "heredoc") mode.lineStart = lexer.text[lexer.at - 1] === "\n";
    return;
  }
  interrupt(lexer, mode);
}

/** The marker alone on its line ends the heredoc; the line end behind it is plain syntax again. */
function closeHeredoc(lexer: Lexer, marker: string): boolean {
  const lineEnd = lexer.text.indexOf("\n", lexer.at);
  if (lineEnd < 0) return false;
  const line = lexer.text.slice(lexer.at, lineEnd);
  if (/\r[^]/.test(line) || trimSpace(line) !== marker) return false;
  lexer.at += line.indexOf(marker);
  lexer.emit("heredoc-close", marker.length);
  lexer.at = line.endsWith("\r") ? lineEnd - 1 : lineEnd;
  lexer.modes.pop();
  return true;
}

/** A heredoc's text comes line by line, because indentation and `~` work on lines. */
function textLength(lexer: Lexer, mode: TemplateMode): number {
  const { text } = lexer;
  let at = lexer.at;
  while (at < text.length && !interrupts(text, at, mode)) {
    if (mode.kind === "heredoc" && text[at] === "\n") return at + 1 - lexer.at;
    at += unitLength(text, at, mode);
  }
  return Math.min(at, text.length) - lexer.at;
}

function interrupts(text: string, at: number, mode: TemplateMode): boolean {
  const character = text[at];
  if (character === "$" || character === "%") return text[at + 1] === "{";
  if (mode.kind === "quoted") return character === '"' || character === "\n" || character === "\r";
  return mode.kind === "heredoc" && character === "\r" && text[at + 1] !== "\n";
}

function unitLength(text: string, at: number, mode: TemplateMode): number {
  if (text.startsWith("$${", at) || text.startsWith("%%{", at)) return 3;
  const escape = mode.kind === "quoted" && text[at] === "\\" && text[at + 1] !== "\n" && text[at + 1] !== "\r";
  return escape ? 2 : 1;
}

function interrupt(lexer: Lexer, mode: TemplateMode): void {
  const { text, at } = lexer;
  if (at >= text.length) return endOfText(lexer, mode);
  if (text[at + 1] === "{" && (text[at] === "$" || text[at] === "%")) return openSequence(lexer, mode);
  if (mode.kind === "quoted" && text[at] === '"') {
    lexer.emit("quote-close", 1);
    lexer.modes.pop();
    return;
  }
  if (mode.kind === "heredoc") return lexer.fail(1, "A carriage return needs a line feed after it");
  const lines = 'write \\n for a line end inside quotes, or a heredoc ("<<EOT") for a text of several lines';
  lexer.fail(1, "The string is not closed", `A closing quote (") is missing; ${lines}`);
  lexer.at = at;
  lexer.giveUpText();
}

function openSequence(lexer: Lexer, mode: TemplateMode): void {
  if (mode.kind === "heredoc") mode.lineStart = false;
  const trim = lexer.text[lexer.at + 2] === "~";
  const type = lexer.text[lexer.at] === "$" ? "interpolation-open" : "directive-open";
  lexer.emit(type, trim ? 3 : 2, { trim });
  lexer.modes.push({ kind: "plain", braces: 0 });
}

function endOfText(lexer: Lexer, mode: TemplateMode): void {
  if (mode.kind === "bare") return lexer.emit("end of file", 0);
  if (mode.kind === "quoted") lexer.fail(0, "The string is not closed", 'A closing quote (") is missing');
  else {
    const detail = `A line with "${mode.marker}" alone, and a line end after it, is missing`;
    lexer.fail(0, "The heredoc is not closed", detail, mode.open);
  }
  lexer.giveUpText();
}
