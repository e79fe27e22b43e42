/** The values of templates. */
import { kindName, toBool, toText } from "../convert.ts";
import { isSensitive } from "../marks.ts";
import { normalForm } from "../normal-form.ts";
import { SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import { isDeferred } from "./access.ts";
import type { Template, TemplatePart } from "./ast.ts";
import type { Evaluator, Scope } from "./evaluate.ts";
import { iterate } from "./for.ts";

type Interpolation = Extract<TemplatePart, { readonly kind: "interpolation" }>;

/** A template that is one interpolation and nothing else keeps the type of its value. */
export function evaluateTemplate(evaluator: Evaluator, template: Template, scope: Scope | undefined): Value {
  const [only] = template.parts;
  const { range } = template;
  if (template.parts.length === 1 && only?.kind === "interpolation") {
    return { ...interpolation(evaluator, only, scope), range };
  }
  const writer = new TemplateWriter(evaluator);
  // Parts that are in Unicode's form NFC can make a text that is not.
  const value = normalForm(writer.textOf(template.parts, scope), range);
  return { kind: "string", value, range, ...(writer.sensitive ? { sensitive: true as const } : {}) };
}

/** A name that is unknown until the task starts stays as it was written, spaces and all; `~` takes those of HCL's choice. */
function interpolation(evaluator: Evaluator, part: Interpolation, scope: Scope | undefined): Value {
  const { expression, range } = part;
  const value = evaluator.evaluate(expression, scope);
  if (!isDeferred(evaluator, expression, scope)) return value;
  const source = evaluator.text.slice(range.start, range.end);
  if (source.startsWith("${~")) return value;
  const written = source.endsWith("~}") ? `${evaluator.text.slice(range.start, expression.range.end)}}` : source;
  return { kind: "string", value: written, range };
}

class TemplateWriter {
  /** Something that went into the text, or decided what did, is sensitive. */
  sensitive = false;
  readonly #evaluator: Evaluator;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  textOf(parts: readonly TemplatePart[], scope: Scope | undefined): string {
    const text = parts.map((part) => this.#partText(part, scope)).join("");
    const range = parts[0]?.range;
    if (range !== undefined) this.#evaluator.budget.spend(text.length, range);
    return text;
  }

  #partText(part: TemplatePart, scope: Scope | undefined): string {
    this.#evaluator.budget.spend(1, part.range);
    switch (part.kind) {
      case "text":
        return part.text;
      case "interpolation":
        return interpolated(this.#noted(interpolation(this.#evaluator, part, scope)));
      case "if": {
        const condition = truth(this.#noted(this.#evaluator.evaluate(part.condition, scope)));
        return this.textOf(condition ? part.whenTrue : part.whenFalse, scope);
      }
      case "for":
        break;
    }
    const collection = this.#noted(this.#evaluator.evaluate(part.collection, scope));
    return iterate(part, collection, scope)
      .map((inner) => this.textOf(part.body, inner))
      .join("");
  }

  #noted(value: Value): Value {
    this.sensitive ||= isSensitive(value);
    return value;
  }
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
