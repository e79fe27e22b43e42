/** Reads the blocks that declare variables and locals; whatever is wrong in them is reported. */
import type { Problems } from "../problems.ts";
import type { Range } from "../source.ts";
import type { DeclarationBlock, Declarations, DeclaredItem, VariableDeclaration } from "./declarations.ts";
import { readVariable } from "./variable-block.ts";

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/** `incomplete`: the file has blocks that could not be read, which may have declared something. */
export function readDeclarations(
  blocks: readonly DeclarationBlock[],
  problems: Problems,
  incomplete: boolean,
): Declarations {
  const reader = new DeclarationReader(problems, incomplete);
  for (const block of blocks) reader.read(block);
  return reader;
}

class DeclarationReader implements Declarations {
  readonly variables: VariableDeclaration[] = [];
  readonly locals: DeclaredItem[] = [];
  incomplete: boolean;
  readonly #problems: Problems;
  readonly #places = { variable: new Map<string, Range>(), local: new Map<string, Range>() };

  constructor(problems: Problems, incomplete: boolean) {
    this.#problems = problems;
    this.incomplete = incomplete;
  }

  read(block: DeclarationBlock): void {
    this.incomplete ||= block.incomplete;
    if (block.type === "variable") return this.#variable(block);
    this.#refuseParts(block);
    if (block.type === "variables") for (const item of block.items) this.#shortVariable(item);
    else for (const item of block.items) if (this.#isNew("local", item.name, item.nameRange)) this.locals.push(item);
  }

  /** `variables` and `locals` hold arguments and nothing else. */
  #refuseParts({ type, labels, blocks }: DeclarationBlock): void {
    const [label] = labels;
    if (label !== undefined) this.#refuse(label.range, `A ${type} block has no name`);
    for (const block of blocks) {
      this.#refuse(block.range, `A ${type} block holds arguments only`, `Write ${block.type} = VALUE`);
    }
  }

  /** `variables { name = default }` */
  #shortVariable(item: DeclaredItem): void {
    if (!this.#isNew("variable", item.name, item.nameRange)) return;
    const value = this.#problems.attempt(item.constant);
    this.variables.push({
      name: item.name,
      range: item.nameRange,
      sensitive: false,
      validations: [],
      broken: value === undefined,
      ...(value === undefined ? {} : { default: value }),
    });
  }

  #variable(block: DeclarationBlock): void {
    const [label, extra] = block.labels;
    if (label === undefined) return this.#refuse(block.range, "A variable needs a name", 'Write variable "NAME" { … }');
    if (extra !== undefined) this.#refuse(extra.range, "A variable has only one name");
    if (label.faulty === true) {
      this.incomplete = true;
    } else if (!NAME.test(label.text)) {
      const detail = "A letter or underscore, then letters, digits, underscores and hyphens";
      this.#refuse(label.range, `${JSON.stringify(label.text)} cannot be the name of a variable`, detail);
    } else if (this.#isNew("variable", label.text, label.range)) {
      this.variables.push(readVariable(block, label, this.#problems));
    }
  }

  #isNew(what: "variable" | "local", name: string, range: Range): boolean {
    const first = this.#places[what].get(name);
    if (first === undefined) this.#places[what].set(name, range);
    else {
      const related = { range: first, summary: "First declared here" };
      this.#problems.add(range, `There is another ${what} "${name}"`, "Remove one of the two", related);
    }
    return first === undefined;
  }

  #refuse(range: Range, summary: string, detail?: string): void {
    this.incomplete = true;
    this.#problems.add(range, summary, detail);
  }
}
