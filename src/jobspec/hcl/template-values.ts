/** The values of templates. */
import { kindName, toBool, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import type { Template, TemplatePart } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { iterate } from "./for.ts";

/** A template that is one interpolation and nothing else keeps the type of its value. */
export function evaluateTemplate(evaluator: Evaluator, template: Template, scope: Scope | undefined): Value {
  const [only] = template.parts;
  const { range } = template;
  if (template.parts.length === 1 && only?.kind === "interpolation") {
    return { ...evaluator.evaluate(only.expression, scope), range };
  }
  return { kind: "string", value: textOf(evaluator, template.parts, scope), range };
}

function textOf(evaluator: Evaluator, parts: readonly TemplatePart[], scope: Scope | undefined): string {
  const texts = parts.map((part) => partText(evaluator, part, scope));
  const text = texts.join("");
  const range = parts[0]?.range;
  if (range !== undefined) evaluator.budget.spend(text.length, range);
  return text;
}

function partText(evaluator: Evaluator, part: TemplatePart, scope: Scope | undefined): string {
  evaluator.budget.spend(1, part.range);
  switch (part.kind) {
    case "text":
      return part.text;
    case "interpolation":
      return interpolated(evaluator.evaluate(part.expression, scope));
    case "if":
      return textOf(
        evaluator,
        truth(evaluator.evaluate(part.condition, scope)) ? part.whenTrue : part.whenFalse,
        scope,
      );
    case "for":
      break;
  }
  const scopes = iterate(part, evaluator.evaluate(part.collection, scope), scope);
  return scopes.map((inner) => textOf(evaluator, part.body, inner)).join("");
}

function interpolated(value: Value): string {
  const text = toText(value);
  if (text === undefined) throw new SourceError(value.range, `Text cannot hold ${kindName(value)}`);
  return text;
}

function truth(value: Value): boolean {
  const result = toBool(value);
  if (result === undefined)
    throw new SourceError(value.range, `A condition must be true or false, not ${kindName(value)}`);
  return result;
}
