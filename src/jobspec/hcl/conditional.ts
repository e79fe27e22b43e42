/** The value of `condition ? a : b`. */
import { kindName, toBool } from "../convert.ts";
import { isSensitive, marked } from "../marks.ts";
import { LimitError, SourceError } from "../problems.ts";
import type { Type, Value } from "../tree.ts";
import type { Conditional, Expression } from "./ast.ts";
import { convertTo } from "./conversion.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { ANY, typeOf, typeText } from "./types.ts";
import { unify } from "./unify.ts";

/** Both sides are evaluated, because the result has a type that fits both; a mistake in the side not chosen does not count. */
export function evaluateConditional(evaluator: Evaluator, node: Conditional, scope: Scope | undefined): Value {
  const condition = evaluator.evaluate(node.condition, scope);
  const choice = toBool(condition);
  if (choice === undefined) {
    throw new SourceError(condition.range, `A condition must be true or false, not ${kindName(condition)}`);
  }
  const chosen = evaluator.evaluate(choice ? node.whenTrue : node.whenFalse, scope);
  const other = otherType(evaluator, choice ? node.whenFalse : node.whenTrue, scope);
  const result = unified(evaluator, node, chosen, other);
  return { ...(isSensitive(condition) ? marked(result) : result), range: node.range };
}

/** Of the side that is not chosen only the type counts. */
function otherType(evaluator: Evaluator, expression: Expression, scope: Scope | undefined): Type {
  try {
    const value = evaluator.evaluate(expression, scope);
    evaluator.budget.spendOnCopy(value, expression.range);
    return typeOf(value);
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
    return typeOfFailure(evaluator, expression, scope);
  }
}

const NUMERIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%"]);

/** What a failed expression would have become, as far as its form and its parts tell. */
function typeOfFailure(evaluator: Evaluator, expression: Expression, scope: Scope | undefined): Type {
  const typeOfPart = (part: Expression): Type => otherType(evaluator, part, scope);
  switch (expression.kind) {
    case "parentheses":
      return typeOfPart(expression.inner);
    case "unary":
    case "binary":
      return { kind: NUMERIC.has(expression.operator) ? "number" : "bool" };
    case "conditional": {
      const types = [expression.whenTrue, expression.whenFalse].map(typeOfPart);
      return types.some(({ kind }) => kind === "any") ? ANY : (unify(types) ?? ANY);
    }
    case "tuple":
      return { kind: "tuple", items: expression.items.map(typeOfPart) };
    case "template": {
      const [only, second] = expression.parts;
      const isWhole = only?.kind === "interpolation" && second === undefined;
      return isWhole ? typeOfPart(only.expression) : { kind: "string" };
    }
    default:
      return ANY;
  }
}

function unified(evaluator: Evaluator, node: Conditional, chosen: Value, other: Type): Value {
  if (chosen.kind === "null" || other.kind === "any") return chosen;
  evaluator.budget.spendOnCopy(chosen, node.range);
  const types = [typeOf(chosen), other];
  const type = unify(types);
  if (type !== undefined) return convertTo(chosen, type);
  const [one = "", another = ""] = types.map((each) => shortened(typeText(each)));
  throw new SourceError(
    node.range,
    "The two results of a conditional must be of one type",
    `One is ${one}, the other ${another}`,
  );
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
