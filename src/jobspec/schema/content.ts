/** Sorts what stands in a body by what its schema knows; the rest is refused, with a word on what was probably meant. */
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Attribute, Block, Body, Entry, NativeBody, ObjectBody, ObjectValue, Value } from "../tree.ts";
import { expandBlocks } from "./expand.ts";

/** What a block may hold. */
export interface Shape {
  /** How an error names the block. */
  readonly name: string;
  readonly arguments?: readonly string[];
  /** Block types and how many labels each has. */
  readonly blocks?: Readonly<Record<string, number>>;
  /** What may be written as a block and as an argument: `env { A = 1 }`, `env = { A = 1 }`. */
  readonly maps?: readonly string[];
  /** Known to Nomad, not yet to us. */
  readonly later?: readonly string[];
}

export interface Content {
  readonly attributes: Map<string, Attribute>;
  readonly blocks: Map<string, Block[]>;
  /** Something here was refused, so what seems to be missing may only be misspelt. */
  incomplete: boolean;
}

/** A list of names, written compactly. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

export function contentOf(body: Body, shape: Shape, problems: Problems): Content {
  const content: Content = { attributes: new Map(), blocks: new Map(), incomplete: isIncomplete(body) };
  const sorter = new Sorter(content, shape, problems);
  if (body.kind === "native") sorter.native(body);
  else sorter.object(body);
  return content;
}

function isIncomplete(body: Body): boolean {
  return body.kind === "native" && body.incomplete;
}

class Sorter {
  readonly #content: Content;
  readonly #shape: Shape;
  readonly #problems: Problems;

  constructor(content: Content, shape: Shape, problems: Problems) {
    this.#content = content;
    this.#shape = shape;
    this.#problems = problems;
  }

  native(body: NativeBody): void {
    for (const attribute of body.attributes) this.#nativeAttribute(attribute);
    for (const block of body.blocks) this.#nativeBlock(block);
  }

  object(body: ObjectBody): void {
    for (const entry of body.object.entries) this.#entry(entry);
  }

  #nativeAttribute(attribute: Attribute): void {
    const { name, nameRange } = attribute;
    if (this.#isArgument(name) || this.#isMap(name)) return this.#addAttribute(attribute);
    if (this.#labelsOf(name) === undefined) return this.#unknown("argument", name, nameRange);
    this.#refuse(nameRange, `"${name}" is a block, not an argument`, `Write ${name} { … } without "="`);
  }

  #nativeBlock(block: Block): void {
    const { type, range } = block;
    if (this.#isMap(type)) {
      this.#checkLabels(block, 0);
      return this.#addAttribute({ name: type, nameRange: range, value: bodyValue(block.body, range) });
    }
    const labels = this.#labelsOf(type);
    if (labels !== undefined) return this.#checkLabels(block, labels) ? addTo(this.#content.blocks, block) : undefined;
    if (!this.#isArgument(type)) return this.#unknown("block", type, range);
    this.#refuse(range, `"${type}" is an argument, not a block`, `Write ${type} = VALUE`);
  }

  #entry(entry: Entry): void {
    const { key, keyRange, value } = entry;
    const labels = this.#labelsOf(key);
    if (key === "//") return;
    if (labels !== undefined) {
      for (const block of expandBlocks(key, entry, labels, this.#problems)) addTo(this.#content.blocks, block);
    } else if (this.#isMap(key)) {
      const only = value.kind === "list" && value.items.length === 1 ? value.items[0] : undefined;
      this.#addAttribute({ name: key, nameRange: keyRange, value: only ?? value });
    } else if (this.#isArgument(key)) {
      this.#addAttribute({ name: key, nameRange: keyRange, value });
    } else {
      this.#unknown("argument", key, keyRange);
    }
  }

  #isArgument(name: string): boolean {
    return this.#shape.arguments?.includes(name) === true;
  }

  #isMap(name: string): boolean {
    return this.#shape.maps?.includes(name) === true;
  }

  #labelsOf(type: string): number | undefined {
    const blocks = this.#shape.blocks ?? {};
    return Object.hasOwn(blocks, type) ? blocks[type] : undefined;
  }

  #addAttribute(attribute: Attribute): void {
    const { name, nameRange } = attribute;
    if (this.#content.attributes.has(name)) {
      return this.#refuse(nameRange, `"${name}" is given twice`, "Remove one of the two");
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
    const { name: where, later = [], maps = [], blocks = {}, arguments: known = [] } = this.#shape;
    if (later.includes(name)) {
      const detail = "Take it out: it is refused because leaving it unheeded would change what the job means";
      return this.#refuse(range, `"${name}" is not supported yet in ${where}`, detail);
    }
    const names = [...known, ...maps, ...Object.keys(blocks)];
    const detail = didYouMean(name, [...names, ...later]) ?? `Known here: ${names.toSorted().join(", ")}`;
    this.#refuse(range, `There is no ${what} "${name}" in ${where}`, detail);
  }

  #refuse(range: Range, summary: string, detail?: string): void {
    this.#content.incomplete = true;
    this.#problems.add(range, summary, detail);
  }
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

function labelledValue(block: Block): Value {
  const inner: Value = bodyValue(block.body, block.range);
  return block.labels.reduceRight<Value>((value, label) => {
    return { kind: "object", entries: [{ key: label.text, keyRange: label.range, value }], range: block.range };
  }, inner);
}
