/** Decides the value of each variable: what it is given from outside before its default, as the type that it has. */
import { Budget } from "../budget.ts";
import { kindName, toBool } from "../convert.ts";
import { convertTo } from "../hcl/conversion.ts";
import { Evaluator } from "../hcl/evaluate.ts";
import { parseExpressionText } from "../hcl/parser.ts";
import { ANY, exampleOf, typeOf, typeText } from "../hcl/types.ts";
import { markedWhole } from "../marks.ts";
import { AlreadyReported, LimitError, SourceError } from "../problems.ts";
import type { Root, Roots } from "../roots.ts";
import type { Range } from "../source.ts";
import type { Type, Value } from "../tree.ts";
import type { Validation, VariableDeclaration } from "./declarations.ts";
import type { GivenVariable } from "./given.ts";

/** Throws SourceError when there is no value, or a wrong one. */
export function resolveVariable(declaration: VariableDeclaration, given: GivenVariable | undefined): Value {
  if (declaration.broken) throw new AlreadyReported(declaration.range);
  const value = given === undefined ? declaration.default : givenValue(declaration, given);
  if (value === undefined) throw unset(declaration);
  const kept = declaration.sensitive ? markedWhole(value, declaration.type) : value;
  for (const validation of declaration.validations) validate(declaration, validation, kept);
  return kept;
}

function unset({ name, range }: VariableDeclaration): SourceError {
  const detail = `Give it a value with --var ${name}=…, in a var file (--var-file), in the environment (REMORA_VAR_${name}), or a default`;
  return new SourceError(range, `Unset variable "${name}"`, detail);
}

/** Errors stand at the declaration: the value is not in this file, and it may be a secret. */
function givenValue(declaration: VariableDeclaration, given: GivenVariable): Value {
  const { name, range, sensitive } = declaration;
  const type = typeFor(declaration);
  try {
    const value = typeof given.value === "string" ? readText(given.value, type, range) : given.value;
    return placedAt(convertTo(value, type), range);
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
    const why = sensitive ? "" : `: ${error.problem.summary}`;
    const detail = `The variable is of the type ${shortened(typeText(type))}, such as ${shortened(exampleOf(type))}`;
    throw new SourceError(range, `The value of "${name}" from ${given.where} does not fit${why}`, detail);
  }
}

/** A variable without a type has that of its default. */
function typeFor({ type, default: value }: VariableDeclaration): Type {
  if (type !== undefined) return type;
  return value === undefined ? { kind: "string" } : typeOf(value);
}

/** What is a text or a number anyway is taken literally; for the other types the text is an expression. */
function readText(text: string, type: Type, range: Range): Value {
  const isLiteral = type.kind === "string" || type.kind === "number" || type.kind === ANY.kind;
  if (isLiteral) return { kind: "string", value: text, range };
  return new Evaluator(text, new Budget()).evaluate(parseExpressionText(text), undefined);
}

function validate({ name }: VariableDeclaration, { condition, message }: Validation, value: Value): void {
  const itself = new Itself(name, value);
  const { valueRange } = condition;
  const result = condition.evaluate(itself);
  if (!itself.used) throw new SourceError(valueRange, `The condition must look at var.${name}`);
  const holds = toBool(result);
  if (holds === undefined)
    throw new SourceError(valueRange, `The condition must be true or false, not ${kindName(result)}`);
  if (!holds) throw new SourceError(valueRange, `The value of the variable "${name}" is refused`, message);
}

/** A validation sees its own variable and nothing else. */
class Itself implements Roots {
  used = false;
  readonly #name: string;
  readonly #value: Value;

  constructor(name: string, value: Value) {
    this.#name = name;
    this.#value = value;
  }

  get(root: Root, name: string, range: Range): Value {
    if (root !== "var" || name !== this.#name) {
      throw new SourceError(range, `A validation can refer to its own variable only: var.${this.#name}`);
    }
    this.used = true;
    return this.#value;
  }

  all(root: Root, range: Range): Value {
    const value = this.get(root, this.#name, range);
    return { kind: "object", entries: [{ key: this.#name, keyRange: range, value }], range };
  }
}

/** Offsets of another text mean nothing in this file. */
export function placedAt(value: Value, range: Range): Value {
  if (value.kind === "list") return { ...value, items: value.items.map((item) => placedAt(item, range)), range };
  if (value.kind !== "object") return { ...value, range };
  const entries = value.entries.map((entry) => ({ ...entry, keyRange: range, value: placedAt(entry.value, range) }));
  return { ...value, entries, range };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
