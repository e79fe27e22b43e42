/** Reads one `variable` block. */
import { kindName, toBool, toText } from "../convert.ts";
import { convertTo } from "../hcl/conversion.ts";
import { LimitError, SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Label, Type, Value } from "../tree.ts";
import type { DeclarationBlock, DeclaredItem, Validation, VariableDeclaration } from "./declarations.ts";

export function readVariable(block: DeclarationBlock, { text, range }: Label, problems: Problems): VariableDeclaration {
  const part = new Part(block, problems, "a variable");
  part.refuseUnknown(["type", "default", "description", "sensitive"], ["validation"]);
  const type = part.read("type", (item) => item.type());
  // Whoever wrote something there meant it.
  const sensitive = part.read("sensitive", boolOf) ?? part.has("sensitive");
  const written = part.read("default", (item) => item.constant());
  const value = written && part.take(problems.attempt(() => defaultOf(written, type, sensitive)))[0];
  part.read("description", textOf);
  const validations = block.blocks.flatMap((inner) => part.take(readValidation(inner, problems)));
  return {
    name: text,
    range,
    sensitive,
    validations,
    broken: part.broken,
    ...(type === undefined ? {} : { type }),
    ...(value === undefined ? {} : { default: value }),
    ...(written === undefined ? {} : { written }),
  };
}

/** What does not fit is told with its place in the value, where keys stand, unless they are secret. */
function defaultOf(written: Value, type: Type | undefined, sensitive: boolean): Value {
  if (type === undefined) return written;
  try {
    return convertTo(written, type);
  } catch (error) {
    if (!sensitive || !(error instanceof SourceError) || error instanceof LimitError) throw error;
    throw new SourceError(written.range, "The default does not fit the type of its variable");
  }
}

function readValidation(block: DeclarationBlock, problems: Problems): Validation | undefined {
  if (block.type !== "validation") return undefined;
  const part = new Part(block, problems, "a validation block");
  part.refuseLabels();
  part.refuseUnknown(["condition", "error_message"], []);
  const condition = part.require("condition");
  const message = part.require("error_message") && part.read("error_message", sentenceOf);
  return condition === undefined || message === undefined ? undefined : { condition, message };
}

/** Nomad insists on it, because the sentence stands alone in an error. */
function sentenceOf(item: DeclaredItem): string {
  const text = textOf(item);
  if (/^[^\p{Ll}].*[.?]$/su.test(text.trim())) return text;
  const detail = "Start with an uppercase letter and end with a full stop or a question mark";
  throw new SourceError(item.valueRange, "The error_message must be a whole sentence", detail);
}

function textOf(item: DeclaredItem): string {
  const value = item.constant();
  const text = toText(value);
  if (text !== undefined) return text;
  throw new SourceError(value.range, `"${item.name}" needs a string, not ${kindName(value)}`);
}

function boolOf(item: DeclaredItem): boolean {
  const value = item.constant();
  const bool = toBool(value);
  if (bool !== undefined) return bool;
  throw new SourceError(value.range, `"${item.name}" needs true or false, not ${kindName(value)}`);
}

/** A block under reading: `broken` once something in it was refused. */
class Part {
  broken: boolean;
  readonly #block: DeclarationBlock;
  readonly #problems: Problems;
  readonly #name: string;
  readonly #items: ReadonlyMap<string, DeclaredItem>;

  constructor(block: DeclarationBlock, problems: Problems, name: string) {
    this.broken = block.incomplete;
    this.#block = block;
    this.#problems = problems;
    this.#name = name;
    this.#items = new Map(block.items.map((item) => [item.name, item]));
  }

  refuseUnknown(items: readonly string[], blocks: readonly string[]): void {
    const known = [...items, ...blocks];
    const { items: given, blocks: inner } = this.#block;
    for (const { name, nameRange } of given)
      if (!items.includes(name)) this.#unknown("argument", name, nameRange, known);
    for (const { type, range } of inner) if (!blocks.includes(type)) this.#unknown("block", type, range, known);
  }

  refuseLabels(): void {
    const [label] = this.#block.labels;
    if (label !== undefined) this.#refuse(label.range, `${capital(this.#name)} has no name`);
  }

  /** undefined when it is not there, or in error. */
  read<T>(name: string, read: (item: DeclaredItem) => T): T | undefined {
    const item = this.#items.get(name);
    if (item === undefined) return undefined;
    const value = this.#problems.attempt(() => read(item));
    this.broken ||= value === undefined;
    return value;
  }

  has(name: string): boolean {
    return this.#items.has(name);
  }

  require(name: string): DeclaredItem | undefined {
    const item = this.#items.get(name);
    if (item === undefined && !this.#block.incomplete) {
      this.#refuse(this.#block.range, `${capital(this.#name)} needs ${name}`, `Write ${name} = …`);
    }
    return item;
  }

  take<T>(result: T | undefined): T[] {
    this.broken ||= result === undefined;
    return result === undefined ? [] : [result];
  }

  #unknown(what: string, name: string, range: Range, known: readonly string[]): void {
    const detail = didYouMean(name, known) ?? `Known here: ${known.join(", ")}`;
    this.#refuse(range, `There is no ${what} "${name}" in ${this.#name}`, detail);
  }

  #refuse(range: Range, summary: string, detail?: string): void {
    this.broken = true;
    this.#problems.add(range, summary, detail);
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
