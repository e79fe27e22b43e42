/** A job file's text with what is needed to turn an offset in it into the line and column that people see. */

/** Half-open range of UTF-16 offsets in the text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** 1-based; columns count Unicode code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LINE_FEED = 10;

export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = lineStartsOf(text);
  }

  slice(range: Range): string {
    return this.text.slice(range.start, range.end);
  }

  positionAt(offset: number): Position {
    const line = this.#lineIndexAt(offset);
    const start = this.#lineStarts[line] ?? 0;
    const column = codePointCount(this.text.slice(start, Math.max(start, offset))) + 1;
    return { line: line + 1, column };
  }

  /** The line that holds the offset, without its line end. */
  lineAt(offset: number): string {
    const line = this.#lineIndexAt(offset);
    const end = this.#lineStarts[line + 1] ?? this.text.length + 1;
    const text = this.text.slice(this.#lineStarts[line] ?? 0, end - 1);
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }

  #lineIndexAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) === LINE_FEED) starts.push(index + 1);
  }
  return starts;
}

function codePointCount(text: string): number {
  let count = 0;
  for (const character of text) count += character.length > 0 ? 1 : 0;
  return count;
}
