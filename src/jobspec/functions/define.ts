/** What a function of job files is; the one place where arguments are counted and results become values. */
import type { Budget } from "../budget.ts";
import type { JobFiles } from "../files.ts";
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import { convertArgument } from "./arguments.ts";
import type { Parameter, Plain } from "./arguments.ts";

/** Where a call stands and what it may use. */
export interface CallSite {
  readonly range: Range;
  /** Of each argument; those that `...` spread share one. */
  readonly args: readonly Range[];
  readonly budget: Budget;
  /** The same for every reading of the same file, different for every call in it. */
  seed(): string;
  readonly files?: JobFiles | undefined;
}

export interface HclFunction {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Takes all further arguments. */
  readonly rest?: Parameter | undefined;
  /** One sentence for the docs. */
  readonly summary: string;
  /** A call for the docs. */
  readonly example: string;
  /** Throws SourceError at the argument that is wrong. The result carries the call's range and is paid for. */
  call(args: readonly Value[], at: CallSite): Value;
}

type Result = string | number | boolean | Value;

type Arguments<P extends readonly Parameter[], R extends Parameter | undefined> = [
  ...{ [K in keyof P]: Plain[P[K]["wants"]] },
  ...(R extends Parameter ? Plain[R["wants"]][] : []),
];

interface Definition<P extends readonly Parameter[], R extends Parameter | undefined> {
  readonly parameters: P;
  readonly rest?: R;
  readonly summary: string;
  readonly example: string;
  call(args: Arguments<P, R>, at: CallSite): Result;
}

/** In the budget's units: what every call takes, compared to a character. */
const CALL_COST = 20;

/** `call` gets its arguments converted to what the parameters want. */
export function define<const P extends readonly Parameter[], const R extends Parameter | undefined = undefined>(
  name: string,
  definition: Definition<P, R>,
): HclFunction {
  const { parameters, rest, summary, example } = definition;
  const call = (args: readonly Value[], at: CallSite): Value => {
    at.budget.spend(CALL_COST, at.range);
    refuseCount(name, definition, args.length, at);
    const plain = args.map((value, index) => {
      const parameter = parameters[index] ?? rest;
      if (parameter === undefined) throw wrong(at, index, `${name}() takes no such argument`);
      return convertArgument(name, parameter, value, at.args[index] ?? at.range);
    });
    const result = definition.call(plain as Arguments<P, R>, at);
    return valueOf(name, result, at);
  };
  return { name, parameters, rest, summary, example, call };
}

/** The mistake is in one argument. */
export function wrong(at: CallSite, index: number, summary: string, detail?: string): SourceError {
  return new SourceError(at.args[index] ?? at.range, summary, detail);
}

/** The mistake is in what the arguments are together. */
export function wrongCall(at: CallSite, summary: string, detail?: string): SourceError {
  return new SourceError(at.range, summary, detail);
}

function refuseCount(
  name: string,
  { parameters, rest }: Pick<HclFunction, "parameters" | "rest">,
  count: number,
  at: CallSite,
): void {
  const least = parameters.length;
  if (count === least || (count > least && rest !== undefined)) return;
  const wanted = `${rest === undefined ? "" : "at least "}${least} argument${least === 1 ? "" : "s"}`;
  const names = parameters.map((parameter) => parameter.name).join(", ");
  const detail = least === 0 ? undefined : `They are: ${names}${rest === undefined ? "" : `, ${rest.name}...`}`;
  const range = count > least ? (at.args[least] ?? at.range) : at.range;
  throw new SourceError(range, `${name}() takes ${least === 0 ? "no arguments" : wanted}, not ${count}`, detail);
}

function valueOf(name: string, result: Result, at: CallSite): Value {
  const { range, budget } = at;
  if (typeof result === "boolean") return { kind: "bool", value: result, range };
  if (typeof result === "number") {
    if (Number.isFinite(result)) return { kind: "number", value: result, range };
    throw new SourceError(range, `The result of ${name}() is not a finite number`);
  }
  if (typeof result === "string") {
    budget.spend(result.length, range);
    // Texts of HCL are in Unicode's form NFC.
    return { kind: "string", value: normalForm(result, range), range };
  }
  budget.spendOnCopy(result, range);
  return { ...result, range };
}
