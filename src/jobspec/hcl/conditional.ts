/** The value of `condition ? a : b`. */
import { kindName, toBool } from "../convert.ts";
import { isSensitive, marked } from "../marks.ts";
import { LimitError, SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import type { Conditional, Expression } from "./ast.ts";
import { convertTo } from "./conversion.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { typeOf, typeText } from "./types.ts";
import { unify } from "./unify.ts";

/** Both sides are evaluated, because the result has a type that fits both; a mistake in the side not chosen does not count. */
export function evaluateConditional(evaluator: Evaluator, node: Conditional, scope: Scope | undefined): Value {
  const condition = evaluator.evaluate(node.condition, scope);
  const choice = toBool(condition);
  if (choice === undefined) {
    throw new SourceError(condition.range, `A condition must be true or false, not ${kindName(condition)}`);
  }
  const chosen = evaluator.evaluate(choice ? node.whenTrue : node.whenFalse, scope);
  const other = attempt(evaluator, choice ? node.whenFalse : node.whenTrue, scope);
  const result = other === undefined ? chosen : unified(evaluator, node, chosen, other);
  return { ...(isSensitive(condition) ? marked(result) : result), range: node.range };
}

function attempt(evaluator: Evaluator, expression: Expression, scope: Scope | undefined): Value | undefined {
  try {
    return evaluator.evaluate(expression, scope);
  } catch (error) {
    if (!(error instanceof SourceError) || error instanceof LimitError) throw error;
    return undefined;
  }
}

function unified(evaluator: Evaluator, node: Conditional, chosen: Value, other: Value): Value {
  if (chosen.kind === "null" || other.kind === "null") return chosen;
  evaluator.budget.spendOnCopy(chosen, node.range);
  evaluator.budget.spendOnCopy(other, node.range);
  const types = [typeOf(chosen), typeOf(other)];
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
