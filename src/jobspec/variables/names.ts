/** The values behind `var` and `local` in one job file, each made when it is first asked for. */
import type { Budget } from "../budget.ts";
import { collectSensitive, markedWhole } from "../marks.ts";
import { AlreadyReported, LimitError, SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import type { Root, Roots } from "../roots.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Entry, Value } from "../tree.ts";
import type { Declarations, VariableDeclaration } from "./declarations.ts";
import type { GivenVariable, GivenVariables } from "./given.ts";
import { resolveVariable } from "./resolve.ts";

/** One name: how its value is made, and what came of it. */
interface Slot {
  readonly root: Root;
  readonly name: string;
  readonly range: Range;
  readonly make: () => Value;
  result?: Value | SourceError;
}

export interface NamesOptions {
  readonly given: GivenVariables;
  /** What becomes of flags and var files that name no variable of this file. */
  readonly undeclared: "error" | "ignore";
  readonly problems: Problems;
  readonly budget: Budget;
  /** Takes the texts of sensitive values. */
  readonly sensitive: Set<string>;
}

const NOUNS = { var: "variable", local: "local" } as const;

export class Names implements Roots {
  /** The values from outside that are used. */
  readonly given: GivenVariables;
  readonly #slots = { var: new Map<string, Slot>(), local: new Map<string, Slot>() };
  readonly #incomplete: boolean;
  readonly #options: NamesOptions;
  /** Sensitive also where a value from outside goes before them. */
  readonly #defaults: readonly VariableDeclaration[];
  /** Values under way, outermost first. */
  readonly #pending: Slot[] = [];

  constructor({ variables, locals, incomplete }: Declarations, options: NamesOptions) {
    this.#options = options;
    this.#incomplete = incomplete;
    const given = new Map(options.given.map((each) => [each.name, each]));
    for (const each of variables) {
      this.#add("var", each.name, each.range, () => resolveVariable(each, given.get(each.name)));
    }
    this.given = [...given.values()].filter(({ name }) => this.#slots.var.has(name));
    for (const each of locals) this.#add("local", each.name, each.nameRange, () => each.evaluate(this));
    this.#defaults = variables.filter(({ sensitive }) => sensitive);
    if (options.undeclared === "error" && !incomplete) this.#refuseUndeclared(options.given);
  }

  /** Makes every value and reports every mistake, also in what nobody uses. Throws LimitError when the locals take too much. */
  resolveAll(): void {
    const { problems, budget, sensitive } = this.#options;
    for (const { written, type, range } of this.#defaults) {
      if (written === undefined) continue;
      problems.attempt(() => collectSensitive(markedWhole(written, type), sensitive, budget, range));
    }
    // All variables, whatever one of them takes: what is sensitive is known then.
    for (const slot of this.#slots.var.values()) {
      problems.attempt(() => this.#note(slot, this.#resultOf(slot, slot.range)));
    }
    for (const slot of this.#slots.local.values()) {
      const result = this.#resultOf(slot, slot.range);
      problems.attempt(() => this.#note(slot, result));
    }
  }

  #note({ range }: Slot, result: Value | SourceError): void {
    if (result instanceof SourceError) throw result;
    collectSensitive(result, this.#options.sensitive, this.#options.budget, range);
  }

  get(root: Root, name: string, range: Range): Value {
    const slot = this.#slots[root].get(name);
    if (slot !== undefined) return this.#valueOf(slot, range);
    if (this.#incomplete) throw new AlreadyReported(range);
    throw this.#unknown(root, name, range);
  }

  all(root: Root, range: Range): Value {
    const entries = Array.from(this.#slots[root].values(), (slot): Entry => {
      return { key: slot.name, keyRange: slot.range, value: this.#valueOf(slot, range) };
    });
    return { kind: "object", entries, range };
  }

  #add(root: Root, name: string, range: Range, make: () => Value): void {
    this.#slots[root].set(name, { root, name, range, make });
  }

  /** For those who use it. Its mistake is reported where it was made, and only there. */
  #valueOf(slot: Slot, range: Range): Value {
    const result = this.#resultOf(slot, range);
    if (result instanceof SourceError) throw new AlreadyReported(range);
    return result;
  }

  #resultOf(slot: Slot, range: Range): Value | SourceError {
    if (slot.result !== undefined) return slot.result;
    if (this.#pending.includes(slot)) throw this.#circle(slot, range);
    this.#options.budget.enter(range);
    this.#pending.push(slot);
    try {
      slot.result = slot.make();
    } catch (error) {
      if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
      slot.result = error;
    } finally {
      this.#pending.pop();
      this.#options.budget.leave();
    }
    return slot.result;
  }

  #circle(slot: Slot, range: Range): SourceError {
    const members = this.#pending.slice(this.#pending.indexOf(slot));
    const names = [...members, slot].map(({ name }) => name);
    const related = { range: slot.range, summary: `"${slot.name}" is defined here` };
    const summary = `The locals need each other in a circle: ${shortened(names).join(" → ")}`;
    return new SourceError(range, summary, "Give one of them a value of its own", related);
  }

  #unknown(root: Root, name: string, range: Range): SourceError {
    const noun = NOUNS[root];
    const other = root === "var" ? "local" : "var";
    const elsewhere = this.#slots[other].has(name)
      ? `There is a ${NOUNS[other]} of that name: ${other}.${name}`
      : undefined;
    const declare = root === "var" ? `Declare it: variable "${name}" {}` : `Define it: locals { ${name} = … }`;
    const detail = didYouMean(name, [...this.#slots[root].keys()]) ?? elsewhere ?? declare;
    return new SourceError(range, `There is no ${noun} "${name}"`, detail);
  }

  #refuseUndeclared(given: GivenVariables): void {
    for (const each of given) {
      if (each.from !== "environment" && !this.#slots.var.has(each.name)) this.#refuse(each);
    }
  }

  #refuse({ name, where }: GivenVariable): void {
    const detail = didYouMean(name, [...this.#slots.var.keys()]) ?? `Declare it: variable "${name}" {}`;
    this.#options.problems.add({ start: 0, end: 0 }, `There is no variable "${name}", which ${where} sets`, detail);
  }
}

/** A long circle is told by its beginning and its end. */
function shortened(names: readonly string[]): readonly string[] {
  return names.length <= 8 ? names : [...names.slice(0, 5), "…", ...names.slice(-2)];
}
