/** Applies the table to a file: names, labels, types, values, and what each row says of its support. */
import { Budget, CHECKED_BLOCK_COST } from "../budget.ts";
import { didYouMean } from "../suggest.ts";
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Attribute, Block, Label, Value } from "../tree.ts";
import type { Checked } from "./checked.ts";
import { contentOf, rowsOf } from "./content.ts";
import type { Content } from "./content.ts";
import { placeOf } from "./places.ts";
import { presetOf } from "./preset.ts";
import type { BlockTable, Field, Inner, Plain, Support } from "./table/rows.ts";
import { typedValue } from "./typed.ts";

/** Who wrote the file: a program writes every default into it, and those need no warning. */
export type Author = "person" | "program";

interface Situation {
  readonly problems: Problems;
  readonly author: Author;
  /** Of all blocks that are checked together. */
  readonly budget: Budget;
  /** Inside a block that has its warning already. */
  readonly quiet: boolean;
}

/** Throws LimitError at the first block beyond what any job needs. */
export function checkBlock(problems: Problems, block: Block, table: BlockTable, author: Author): Checked {
  return new BlockCheck({ problems, author, budget: new Budget(), quiet: false }, block, table).checked();
}

class BlockCheck {
  readonly #situation: Situation;
  readonly #block: Block;
  readonly #table: BlockTable;
  readonly #content: Content;
  readonly #values = new Map<string, Plain>();
  readonly #blocks = new Map<string, readonly Checked[]>();
  readonly #unreadable = new Set<string>();

  constructor(situation: Situation, block: Block, table: BlockTable) {
    this.#situation = situation;
    this.#block = block;
    this.#table = table;
    this.#content = contentOf(block.body, table, situation.problems);
  }

  checked(): Checked {
    this.#situation.budget.spend(CHECKED_BLOCK_COST, this.#block.range);
    const rows = rowsOf(this.#table);
    for (const [name, attribute] of this.#content.attributes) {
      const row = rows.get(name);
      if (row?.kind === "field") this.#checkField(row, attribute);
    }
    this.#checkRequired();
    for (const [type, blocks] of this.#content.blocks) {
      const row = rows.get(type);
      if (row?.kind === "block") this.#blocks.set(type, this.#checkBlocks(row, blocks));
    }
    return {
      table: this.#table,
      block: this.#block,
      label: this.#block.labels[0]?.text ?? "",
      values: this.#values,
      blocks: this.#blocks,
      place: this.#place(),
    };
  }

  #place() {
    const parts = new Map<string, Range>();
    for (const [name, { value, nameRange }] of this.#content.attributes) {
      parts.set(name, placeOf(value, nameRange));
      for (const [inner, range] of innerPlaces(value)) parts.set(`${name}.${inner}`, range);
    }
    for (const [type, [first]] of this.#content.blocks) if (first !== undefined) parts.set(type, first.range);
    return { block: this.#block.range, parts, unreadable: this.#unreadable, incomplete: this.#content.incomplete };
  }

  #checkRequired(): void {
    for (const row of rowsOf(this.#table).values()) {
      if (row.kind !== "field" || row.required !== true || this.#content.incomplete) continue;
      if (this.#content.attributes.has(row.name)) continue;
      this.#situation.problems.add(this.#block.range, `${capital(this.#table.name)} needs ${row.name}`, row.doc);
    }
  }

  #checkField(field: Field, attribute: Attribute): void {
    const { value, faulty } = typedValue(field, attribute, this.#situation.problems);
    if (faulty) this.#unreadable.add(field.name);
    if (value === undefined) return;
    const range = placeOf(attribute.value, attribute.nameRange);
    if (this.#isAccepted(field, value, attribute, range)) this.#values.set(field.name, value);
    else this.#unreadable.add(field.name);
  }

  /** Warns, too. */
  #isAccepted(field: Field, value: Plain, attribute: Attribute, range: Range): boolean {
    const { name, values = [], choices, support } = field;
    const special = values.find(({ matches }) => matches.test(textOf(value)));
    if (special !== undefined) {
      return this.#apply(special.support, range, `${name} ${JSON.stringify(value)}`);
    }
    const text = field.anyCase === true ? textOf(value).toLowerCase() : textOf(value);
    if (choices !== undefined && !choices.includes(text)) return this.#noChoice(field, textOf(value), range);
    if (support === undefined || isPreset(field, value)) return true;
    if (this.#situation.author === "program" && value === field.filledIn) return true;
    if (support.state === "ignored" && this.#isQuiet(field)) return true;
    return this.#apply(support, support.state === "refused" ? range : attribute.nameRange, `"${name}"`);
  }

  #isQuiet({ warnedBeside }: Field): boolean {
    const other = warnedBeside && this.#content.attributes.get(warnedBeside.field);
    if (warnedBeside === undefined || other === undefined) return false;
    return other.value.kind !== "string" || !warnedBeside.matches.test(other.value.value);
  }

  #noChoice({ name, choices = [] }: Field, text: string, range: Range): false {
    const known = choices.filter((choice) => choice !== "").map((choice) => `"${choice}"`);
    const detail = didYouMean(text, choices) ?? `Possible: ${known.join(", ")}`;
    this.#situation.problems.add(range, `${name} "${text}" does not exist`, detail);
    return false;
  }

  #checkBlocks(row: Inner, blocks: readonly Block[]): readonly Checked[] {
    const [first, second] = blocks;
    if (row.form === "single" && first !== undefined && second !== undefined) {
      const related = { range: first.range, summary: "The first one is here" };
      this.#situation.problems.add(second.range, `There can be only one ${row.name} block here`, undefined, related);
    }
    for (const { labels } of blocks) this.#checkLabel(row, labels[0]);
    const quiet = this.#situation.quiet || row.support?.state === "ignored";
    return blocks.map((block) => {
      const checked = new BlockCheck({ ...this.#situation, quiet }, block, row.table).checked();
      const says = this.#situation.author === "person" || !isAllPreset(checked);
      if (row.support !== undefined && says) this.#apply(row.support, block.range, `"${row.name}"`);
      return checked;
    });
  }

  #checkLabel({ name, labels }: Inner, label: Label | undefined): void {
    if (labels === undefined || label === undefined || label.faulty === true) return;
    if (labels.includes(label.text.toLowerCase())) return;
    const detail = `Possible: ${labels.map((known) => `"${known}"`).join(", ")}`;
    this.#situation.problems.add(label.range, `${name} "${label.text}" does not exist`, detail);
  }

  #apply(support: Support, range: Range, what: string): boolean {
    const { problems, quiet } = this.#situation;
    if (support.state === "refused") {
      problems.add(range, support.summary, support.detail);
      return false;
    }
    if (!quiet) {
      problems.warn(range, `${what} has no effect ${support.until} in ${this.#table.name}`, support.sentence);
    }
    return true;
  }
}

/** Of the items of a list and the entries of a map. */
function innerPlaces(value: Value): readonly (readonly [string | number, Range])[] {
  if (value.kind === "list") return value.items.map((item, index) => [index, item.range]);
  if (value.kind !== "object") return [];
  return value.entries.map((entry) => [entry.key, placeOf(entry.value, entry.keyRange)]);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function textOf(value: Plain): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Where an empty text can be chosen, it stands for the default. */
function isPreset(field: Field, value: Plain): boolean {
  if (value === "" && field.choices?.includes("") === true) return true;
  return JSON.stringify(value) === JSON.stringify(presetOf(field)) || isEmpty(field, value);
}

/** Nothing is nothing, however it is written. */
function isEmpty({ default: preset }: Field, value: Plain): boolean {
  if (typeof value !== "object") return preset === undefined && (value === "" || value === 0 || value === false);
  return value === null || Object.keys(value).length === 0;
}

/** Says the block what would hold without it as well? */
function isAllPreset({ table, values, blocks }: Checked): boolean {
  const fields = rowsOf(table);
  const plain = [...values].every(([name, value]) => {
    const row = fields.get(name);
    return row?.kind === "field" && isPreset(row, value);
  });
  return plain && [...blocks.values()].flat().every(isAllPreset);
}
