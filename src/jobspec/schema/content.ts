/** Sorts what stands in a body by what its table knows; the rest is refused, with a word on what was probably meant. */
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Attribute, Block, Body, Entry, NativeBody, ObjectBody, ObjectValue, Value } from "../tree.ts";
import { expandBlocks } from "./expand.ts";
import type { BlockTable, Inner, NamedRow } from "./table/rows.ts";
import { isNamed } from "./table/rows.ts";

export interface Content {
  readonly attributes: Map<string, Attribute>;
  readonly blocks: Map<string, Block[]>;
  /** Something here was refused, so what seems to be missing may only be misspelt. */
  incomplete: boolean;
}

const ROWS = new WeakMap<BlockTable, ReadonlyMap<string, NamedRow>>();

/** The rows of a table that files can name. */
export function rowsOf(table: BlockTable): ReadonlyMap<string, NamedRow> {
  const known = ROWS.get(table) ?? new Map(table.rows.filter(isNamed).map((row) => [row.name, row]));
  ROWS.set(table, known);
  return known;
}

export function contentOf(body: Body, table: BlockTable, problems: Problems): Content {
  const content: Content = { attributes: new Map(), blocks: new Map(), incomplete: isIncomplete(body) };
  const sorter = new Sorter(content, table, problems);
  if (body.kind === "native") sorter.native(body);
  else sorter.object(body);
  return content;
}

function isIncomplete(body: Body): boolean {
  return body.kind === "native" ? body.incomplete : body.object.incomplete === true;
}

class Sorter {
  readonly #content: Content;
  readonly #table: BlockTable;
  readonly #rows: ReadonlyMap<string, NamedRow>;
  readonly #problems: Problems;

  constructor(content: Content, table: BlockTable, problems: Problems) {
    this.#content = content;
    this.#table = table;
    this.#rows = rowsOf(table);
    this.#problems = problems;
  }

  native(body: NativeBody): void {
    for (const attribute of body.attributes) this.#nativeAttribute(attribute);
    for (const block of body.blocks) this.#nativeBlock(block);
  }

  object(body: ObjectBody): void {
    for (const entry of body.object.entries) if (entry.key !== "//") this.#entry(entry);
  }

  #nativeAttribute(attribute: Attribute): void {
    const { name, nameRange, value } = attribute;
    const row = this.#rows.get(name);
    if (row === undefined) return this.#unknown("argument", name, nameRange);
    if (this.#isRefused(row, nameRange)) return;
    if (row.kind === "field" && row.asBlock !== true) return this.#addAttribute(attribute);
    if (row.kind === "block" && row.either === true)
      return this.#addBlocks(row, { key: name, keyRange: nameRange, value });
    this.#refuse(nameRange, `"${name}" is a block, not an argument`, `Write ${name} { … } without "="`);
  }

  #nativeBlock(block: Block): void {
    const { type, range } = block;
    const row = this.#rows.get(type);
    if (row === undefined) return this.#unknown("block", type, range);
    if (this.#isRefused(row, range)) return;
    if (row.kind === "block") {
      return this.#checkLabels(block, labelsOf(row)) ? addTo(this.#content.blocks, block) : undefined;
    }
    if (row.type.endsWith("map")) {
      this.#checkLabels(block, 0);
      return this.#addAttribute({ name: type, nameRange: range, value: bodyValue(block.body, range) });
    }
    this.#refuse(range, `"${type}" is an argument, not a block`, `Write ${type} = VALUE`);
  }

  #entry(entry: Entry): void {
    const { key, keyRange, value } = entry;
    const row = this.#rows.get(key);
    if (row === undefined) return this.#unknown("argument", key, keyRange);
    if (this.#isRefused(row, keyRange)) return;
    if (row.kind === "block") return this.#addBlocks(row, entry);
    const only = row.type.endsWith("map") && value.kind === "list" && value.items.length === 1 ? value.items[0] : value;
    this.#addAttribute({ name: key, nameRange: keyRange, value: only ?? value });
  }

  #addBlocks(row: Inner, entry: Entry): void {
    this.#content.incomplete ||= misses(entry.value, labelsOf(row));
    for (const block of expandBlocks(row.name, entry, labelsOf(row), this.#problems))
      addTo(this.#content.blocks, block);
  }

  /** A block that is refused is not looked into; a field only if its value is other than Nomad's own. */
  #isRefused(row: NamedRow, range: Range): boolean {
    if (row.kind === "field" || row.support?.state !== "refused") return false;
    this.#refuse(range, row.support.summary, row.support.detail);
    return true;
  }

  #addAttribute(attribute: Attribute): void {
    const { name, nameRange } = attribute;
    const first = this.#content.attributes.get(name);
    if (first !== undefined) {
      const related = { range: first.nameRange, summary: "First given here" };
      this.#content.incomplete = true;
      return this.#problems.add(nameRange, `"${name}" is given twice`, "Remove one of the two", related);
    }
    this.#content.attributes.set(name, attribute);
  }

  #checkLabels(block: Block, wanted: number): boolean {
    const extra = block.labels[wanted];
    if (block.labels.length < wanted) {
      this.#refuse(block.range, `A ${block.type} block needs a name`, `Write ${block.type} "NAME" { … }`);
    } else if (extra !== undefined) {
      const names = wanted === 0 ? "no name" : "only one name";
      this.#refuse(extra.range, `A ${block.type} block has ${names}`);
    }
    return block.labels.length === wanted;
  }

  #unknown(what: "argument" | "block", name: string, range: Range): void {
    const names = [...this.#rows.keys()];
    const known = [...this.#rows.values()].filter(({ support }) => support?.state !== "refused").map((row) => row.name);
    const all = known.length === 0 ? "Nothing can be written in it" : `Known here: ${known.toSorted().join(", ")}`;
    this.#refuse(range, `There is no ${what} "${name}" in ${this.#table.name}`, didYouMean(name, names) ?? all);
  }

  #refuse(range: Range, summary: string, detail?: string): void {
    this.#content.incomplete = true;
    this.#problems.add(range, summary, detail);
  }
}

/** Is there something in the place of blocks that could not be read as one, or a name of one that could not? */
function misses(value: Value, labels: number): boolean {
  if (value.kind === "list") return value.items.some((item) => misses(item, labels));
  if (value.kind !== "object" || labels === 0) return value.kind !== "object";
  return value.incomplete === true || value.entries.some((entry) => misses(entry.value, labels - 1));
}

function labelsOf(row: Inner): number {
  return row.label === undefined ? 0 : 1;
}

function addTo(groups: Map<string, Block[]>, block: Block): void {
  const same = groups.get(block.type);
  if (same === undefined) groups.set(block.type, [block]);
  else same.push(block);
}

/** A body read as one map: a block inside it becomes a list of maps, its labels nested keys (Nomad's rule for `config`). */
export function bodyValue(body: Body, range: Range): ObjectValue {
  if (body.kind === "object") return body.object;
  const entries: Entry[] = body.attributes.map(({ name, nameRange, value }) => ({
    key: name,
    keyRange: nameRange,
    value,
  }));
  const groups = new Map<string, Block[]>();
  for (const block of body.blocks) addTo(groups, block);
  for (const [type, blocks] of groups) {
    const keyRange = blocks[0]?.range ?? range;
    entries.push({ key: type, keyRange, value: { kind: "list", items: blocks.map(labelledValue), range: keyRange } });
  }
  return { kind: "object", entries, range };
}

/** Inside, a map given as an argument is a list of that one map, and so is what a label names. */
function labelledValue(block: Block): Value {
  const { entries, range } = bodyValue(block.body, block.range);
  const inner: Value = {
    kind: "object",
    entries: entries.map((entry) => ({ ...entry, value: listOfOne(entry.value) })),
    range,
  };
  return block.labels.reduceRight<Value>((value, label) => {
    const named = { key: label.text, keyRange: label.range, value: listOfOne(value) };
    return { kind: "object", entries: [named], range: block.range };
  }, inner);
}

/** A map as the list of that one map, which makes `a { … }` and `a = { … }` the same; anything else as it is. */
export function listOfOne(value: Value): Value {
  return value.kind === "object" ? { kind: "list", items: [value], range: value.range } : value;
}
