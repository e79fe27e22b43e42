/** A block as the rules across its fields see it: values over the table's defaults, and the means to say what is wrong where. */
import type { Budget } from "../../budget.ts";
import type { Problems } from "../../problems.ts";
import type { Range } from "../../source.ts";
import type { Checked } from "../../schema/checked.ts";
import { presetOf } from "../../schema/preset.ts";
import type { Plain } from "../../schema/table/rows.ts";

/** What all parts of a job share. */
export interface Court {
  readonly problems: Problems;
  /** Of the work that a file may ask for. */
  readonly budget: Budget;
}

export class Part {
  readonly #court: Court;
  readonly #checked: Checked;
  /** What the block leaves out is as it is here. */
  readonly #base: Part | undefined;

  constructor(court: Court, checked: Checked, base?: Part) {
    this.#court = court;
    this.#checked = checked;
    this.#base = base;
  }

  get label(): string {
    return this.#checked.label;
  }

  all(type: string): readonly Part[] {
    return (this.#checked.blocks.get(type) ?? []).map((block) => new Part(this.#court, block));
  }

  one(type: string): Part | undefined {
    const block = this.#checked.blocks.get(type)?.[0];
    return block && new Part(this.#court, block);
  }

  /** The block over the one that stands in `outer`, field by field. */
  oneOver(type: string, outer: Part): Part | undefined {
    const base = outer.one(type);
    const block = this.#checked.blocks.get(type)?.[0];
    return block === undefined ? base : new Part(this.#court, block, base);
  }

  /** Is there a value in the file, whatever it is? */
  has(name: string): boolean {
    return this.#checked.values.has(name) || (this.#base?.has(name) ?? false);
  }

  /** Whether nothing that a rule looks at is in error already, nor may be missing only since it is misspelt. */
  isSure(...names: readonly string[]): boolean {
    const { place } = this.#checked;
    return (
      !place.incomplete && !names.some((name) => place.unreadable.has(name)) && this.#base?.isSure(...names) !== false
    );
  }

  text(name: string): string {
    const value = this.#value(name);
    return typeof value === "string" ? value : "";
  }

  /** 0 where there is none; durations in nanoseconds. */
  number(name: string): number {
    const value = this.#value(name);
    return typeof value === "number" ? value : 0;
  }

  bool(name: string): boolean {
    return this.#value(name) === true;
  }

  texts(name: string): readonly string[] {
    const value = this.#value(name);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }

  entry(name: string, key: string): string | undefined {
    const value = this.#value(name);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const inner = Object.entries(value).find(([own]) => own === key)?.[1];
    return typeof inner === "string" ? inner : undefined;
  }

  /** At the field if it is given (`options.checksum` is an entry), else at the block. `first` is what it collides with. */
  refuse(name: string | undefined, summary: string, detail?: string, first?: Part): void {
    const related = first && { range: first.rangeOf(name), summary: "The first one is here" };
    this.#court.problems.add(this.rangeOf(name), summary, detail, related);
  }

  /** For work that grows with what the field holds. Throws LimitError when the file asks for too much. */
  pay(work: number, name: string): void {
    this.#court.budget.spend(work, this.rangeOf(name));
  }

  notNegative(name: string): void {
    if (this.has(name) && this.number(name) < 0) this.refuse(name, `${name} cannot be negative`);
  }

  rangeOf(name: string | undefined): Range {
    return this.#written(name) ?? this.#checked.place.block;
  }

  #written(name = ""): Range | undefined {
    const { parts } = this.#checked.place;
    const own = parts.get(name) ?? parts.get(name.split(".")[0] ?? "");
    return own ?? (this.#base === undefined ? undefined : this.#base.#written(name));
  }

  #value(name: string): Plain | undefined {
    const { table, values } = this.#checked;
    if (values.has(name)) return values.get(name);
    if (this.#base !== undefined) return this.#base.#value(name);
    const row = table.rows.find((each) => each.kind === "field" && each.name === name);
    return row?.kind === "field" ? presetOf(row) : undefined;
  }
}

/** Calls back for each part whose key another before it has already. */
export function duplicates(
  parts: readonly Part[],
  keyOf: (part: Part) => string,
  found: (part: Part, key: string, first: Part) => void,
): void {
  const seen = new Map<string, Part>();
  for (const part of parts) {
    const key = keyOf(part);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, part);
    else found(part, key, first);
  }
}

const NANOSECONDS = 1e9;

/** How an error shows a duration. */
export function seconds(nanoseconds: number): string {
  return `${nanoseconds / NANOSECONDS}s`;
}
