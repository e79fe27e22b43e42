/** Values as YAML, in the layout of Nomad: block style, texts in double quotes or, with several lines, as literals. */
import { toText } from "../convert.ts";
import type { ObjectValue, Value } from "../tree.ts";
import { digitsOf, sortedEntries } from "./values.ts";

/** Columns after which a text in quotes is folded at its next space. */
const WIDTH = 80;
/** Bytes; a longer key is written after a question mark. */
const MAX_SIMPLE_KEY = 128;
const INDENT = 2;

const BREAK = /[\r\n\u0085\u2028\u2029]/;
/** Characters that only an escape can write. */
const UNPRINTABLE = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd]|\ufeff/u;
const NO_LITERAL = new RegExp(`${UNPRINTABLE.source}|[ ](?=[\\r\\n\\u2028\\u2029])|[ ]$`, "u");
const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "0",
  "\u0007": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
  "\u001b": "e",
  '"': '"',
  "\\": "\\",
  "\u0085": "N",
  "\u00a0": "_",
  "\u2028": "L",
  "\u2029": "P",
};

/** Where a node starts: on a new page, after `key:`, or after a dash, a question mark or a lone colon. */
type Place = "root" | "after key" | "after sign";

export function yamlText(value: Value): string {
  const writer = new YamlWriter();
  writer.node(value, -INDENT, "root");
  return writer.finish();
}

class YamlWriter {
  #out = "";
  #column = 0;
  /** Nothing says yet where the last scalar ends. */
  #open = false;

  finish(): string {
    if (!this.#out.endsWith("\n")) this.#write("\n");
    return this.#open ? `${this.#out}...\n` : this.#out;
  }

  /** `indent` is that of the collection around it. */
  node(value: Value, indent: number, place: Place): void {
    if (value.kind === "list" && value.items.length > 0) {
      this.#list(value.items, place === "after key" ? indent : indent + INDENT, place);
    } else if (value.kind === "object" && value.entries.length > 0) this.#map(value, indent + INDENT, place);
    else {
      if (place !== "root") this.#write(" ");
      this.#open = place === "root" && value.kind !== "string" && value.kind !== "list" && value.kind !== "object";
      this.#scalar(value, indent + INDENT + (place === "root" ? INDENT : 0));
    }
  }

  #list(items: readonly Value[], indent: number, place: Place): void {
    items.forEach((item, index) => {
      this.#startItem(index === 0 ? place : "after key", indent);
      this.#write("-");
      this.node(item, indent, "after sign");
    });
  }

  #map(map: ObjectValue, indent: number, place: Place): void {
    sortedEntries(map).forEach(({ key, value }, index) => {
      this.#startItem(index === 0 ? place : "after key", indent);
      if (BREAK.test(key) || Buffer.byteLength(key) > MAX_SIMPLE_KEY) {
        this.#write("?");
        this.node({ kind: "string", value: key, range: map.range }, indent, "after sign");
        this.#startItem("after key", indent);
        this.#write(":");
        this.node(value, indent, "after sign");
      } else {
        this.#quoted(key, undefined);
        this.#write(":");
        this.node(value, indent, "after key");
      }
    });
  }

  #startItem(place: Place, indent: number): void {
    if (place === "after sign") this.#write(" ");
    else if (place === "after key") this.#newLine(indent);
  }

  #newLine(indent: number): void {
    this.#write((this.#out.endsWith("\n") ? "" : "\n") + " ".repeat(indent));
  }

  #scalar(value: Value, indent: number): void {
    if (value.kind === "list") this.#write("[]");
    else if (value.kind === "object") this.#write("{}");
    else if (value.kind === "number") this.#write(digitsOf(value));
    else if (value.kind !== "string") this.#write(toText(value) ?? "null");
    else if (value.value.includes("\n") && !NO_LITERAL.test(value.value)) this.#literal(value.value, indent);
    else this.#quoted(value.value, indent);
  }

  #literal(text: string, indent: number): void {
    const chomp = /[^\n\u2028\u2029]$/.test(text)
      ? "-"
      : /(?:^|[\n\u2028\u2029])[\n\u2028\u2029]$/.test(text)
        ? "+"
        : "";
    this.#write(`|${/^[ \n\u2028\u2029]/.test(text) ? INDENT : ""}${chomp}\n`);
    for (const part of text.split(/([\n\u2028\u2029])/)) {
      this.#write(part === "" || BREAK.test(part) ? part : " ".repeat(indent) + part);
    }
  }

  /** Without an indent it stays on one line. */
  #quoted(text: string, indent: number | undefined): void {
    this.#write('"');
    const characters = Array.from(text);
    // Of a text that starts with a byte order mark, Nomad escapes every character.
    const all = text.startsWith("\uFEFF");
    characters.forEach((character, index) => {
      const inner = index > 0 && index < characters.length - 1 && characters[index - 1] !== " ";
      if (character === " " && indent !== undefined && inner && this.#column > WIDTH) {
        this.#write(`\n${" ".repeat(indent)}${characters[index + 1] === " " ? "\\" : ""}`);
      } else this.#write(escaped(character, all));
    });
    this.#write('"');
  }

  #write(text: string): void {
    this.#out += text;
    const line = text.slice(text.lastIndexOf("\n") + 1);
    this.#column = (text.includes("\n") ? 0 : this.#column) + Array.from(line).length;
  }
}

function escaped(character: string, always: boolean): string {
  if (!always && character !== '"' && character !== "\\" && !BREAK.test(character) && !UNPRINTABLE.test(character)) {
    return character;
  }
  const short = ESCAPES[character];
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0) ?? 0;
  const [letter, width] = code <= 0xff ? ["x", 2] : code <= 0xffff ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, "0")}`;
}
