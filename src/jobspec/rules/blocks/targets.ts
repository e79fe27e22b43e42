/** The rules that constraints and affinities share: what is compared, how, and to what (Nomad's). */
import { compileRegex, RegexMistake } from "../../functions/regex.ts";
import { didYouMean } from "../../suggest.ts";
import type { Part } from "./part.ts";
import { wrongCondition } from "./versions.ts";

/** What a constraint or an affinity says, once its short forms are written out. */
export interface Comparison {
  readonly operator: string;
  readonly attribute: string;
  readonly value: string;
  /** Where the operator, the attribute and the value stand. */
  readonly at: { readonly operator: string; readonly attribute: string; readonly value: string };
}

/** Of several short forms the last of `names` holds, as in Nomad. */
export function comparisonOf(part: Part, names: readonly string[]): Comparison {
  const short = names.filter((name) => part.text(name) !== "").at(-1);
  const operator = short ?? part.text("operator");
  return {
    operator: operator === "" ? "=" : operator,
    attribute: part.text("attribute"),
    value: part.text(short ?? "value"),
    at: { operator: short ?? "operator", attribute: "attribute", value: short ?? "value" },
  };
}

/** The fields of the long form. */
export const TARGETS = ["attribute", "value", "operator"] as const;

const ORDERS = ["=", "==", "is", "!=", "not", "<", "<=", ">", ">="] as const;
const SETS = ["set_contains", "set_contains_all", "set_contains_any"] as const;
const PATTERNS = ["regexp", "version", "semver"] as const;

export function judgeAttribute(part: Part, what: string, { attribute }: Comparison): void {
  if (attribute !== "") return;
  part.refuse(
    "attribute",
    `${what} needs an attribute to compare`,
    'Write attribute = "${attr.kernel.name}" or another',
  );
}

/** `others` are operators that the caller judges itself. */
export function judgeOperator(part: Part, comparison: Comparison, others: readonly string[]): void {
  const { operator, at } = comparison;
  const known: readonly string[] = [...ORDERS, ...SETS, ...PATTERNS, ...others];
  if (others.includes(operator)) return;
  if (known.includes(operator)) return judgeValue(part, comparison);
  const detail = didYouMean(operator, known) ?? `Possible: ${known.map((each) => `"${each}"`).join(", ")}`;
  part.refuse(at.operator, `operator "${operator}" does not exist`, detail);
}

function judgeValue(part: Part, { operator, value, at }: Comparison): void {
  const pattern = PATTERNS.find((each) => each === operator);
  if (pattern === "regexp") return judgeRegex(part, at.value, value);
  if (pattern !== undefined) return judgeVersion(part, at.value, pattern, value);
  if (value === "") {
    part.refuse(at.value, `The operator "${operator}" needs a value to compare to`, "Write value = …");
  }
}

function judgeRegex(part: Part, at: string, text: string): void {
  try {
    compileRegex(text, (work) => part.pay(work, at));
  } catch (error) {
    if (!(error instanceof RegexMistake)) throw error;
    part.refuse(at, `This is not a regular expression: ${error.message}`, "The syntax is RE2's");
  }
}

function judgeVersion(part: Part, at: string, kind: "version" | "semver", text: string): void {
  const wrong = wrongCondition(kind, text);
  if (wrong === undefined) return;
  const operators = kind === "version" ? "= != > >= < <= ~>" : "= != > >= < <=";
  const detail = `Write it as in "> 1.2.3, < 2", with the operators ${operators}`;
  part.refuse(at, `"${wrong.trim()}" is no condition on versions`, detail);
}
