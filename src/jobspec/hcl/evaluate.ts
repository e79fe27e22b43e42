/** Evaluates HCL expressions to values; a name that only the starting task knows stays in the text as `${name}`. */
import { NODE_COST } from "../budget.ts";
import type { Budget } from "../budget.ts";
import { kindName, literalNumber, numberOf, toBool, toDecimal, toNumber } from "../convert.ts";
import type { JobFiles } from "../files.ts";
import { markedBy } from "../marks.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import { isRoot } from "../roots.ts";
import type { Roots } from "../roots.ts";
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";
import { evaluateAccess } from "./access.ts";
import type { Expression, Unary, Variable } from "./ast.ts";
import { evaluateCall } from "./call.ts";
import { evaluateConditional } from "./conditional.ts";
import { evaluateBinary, finiteNumber } from "./operators.ts";
import { evaluateFor } from "./for.ts";
import { evaluateTemplate } from "./template-values.ts";
import { evaluateObject } from "./objects.ts";
import { boundValue } from "./scope.ts";
import type { Scope } from "./scope.ts";

export type { Scope };

/** What an evaluation may use besides its text. */
export interface Surroundings {
  /** Absent where a value must be constant: it can neither refer to anything nor call functions. */
  readonly roots?: Roots;
  /** Files beside the job file; absent where there are none to be read. */
  readonly files?: JobFiles;
  /** For a text that is only a part of its file: tells it from equal texts elsewhere. */
  readonly seed?: string;
  /** Takes warnings, whose places are in the text that is evaluated. */
  readonly problems?: Pick<Problems, "warn">;
}

/** What is made of other values. */
type Composed = Exclude<Expression, { readonly kind: "number" | "bool" | "null" }>;

export class Evaluator {
  readonly text: string;
  readonly budget: Budget;
  readonly surroundings: Surroundings;

  constructor(text: string, budget: Budget, surroundings: Surroundings = {}) {
    this.text = text;
    this.budget = budget;
    this.surroundings = surroundings;
  }

  /** Throws SourceError. */
  evaluate(expression: Expression, scope: Scope | undefined): Value {
    const { range } = expression;
    this.budget.spend(NODE_COST, range);
    switch (expression.kind) {
      case "number":
        return literalNumber(expression.text, range);
      case "bool":
        return { kind: "bool", value: expression.value, range };
      case "null":
        return { kind: "null", range };
      default:
        break;
    }
    this.budget.enter(range);
    try {
      return this.#evaluate(expression, scope);
    } finally {
      this.budget.leave();
    }
  }

  #evaluate(expression: Composed, scope: Scope | undefined): Value {
    const { range } = expression;
    switch (expression.kind) {
      case "template":
        return evaluateTemplate(this, expression, scope);
      case "variable":
        return this.#variable(expression, scope);
      case "tuple":
        return { kind: "list", items: expression.items.map((item) => this.evaluate(item, scope)), range };
      case "object":
        return evaluateObject(this, expression, scope);
      case "for":
        return evaluateFor(this, expression, scope);
      case "parentheses":
        return { ...this.evaluate(expression.inner, scope), range };
      case "unary":
        return this.#unary(expression, scope);
      case "binary":
        return evaluateBinary(this, expression, scope);
      case "conditional":
        return evaluateConditional(this, expression, scope);
      case "access":
        return evaluateAccess(this, expression, scope);
      case "call":
        return evaluateCall(this, expression, scope);
    }
  }

  #variable(node: Variable, scope: Scope | undefined): Value {
    const { name, range } = node;
    const bound = boundValue(scope, name);
    const value = bound ?? (isRoot(name) ? this.roots(range).all(name, range) : undefined);
    if (value === undefined) return this.deferred(range, range);
    this.budget.spendOnCopy(value, range);
    return { ...value, range };
  }

  /** Throws SourceError where nothing can be referred to. */
  roots(range: Range): Roots {
    const { roots } = this.surroundings;
    if (roots !== undefined) return roots;
    throw new SourceError(range, "Nothing can be referred to here: the value must be a constant");
  }

  /** Text in the place of a name that is unknown until the task starts. `source` is what was written. */
  deferred(source: Range, range: Range): Value {
    this.roots(range);
    return { kind: "string", value: `\${${this.text.slice(source.start, source.end)}}`, range };
  }

  #unary(node: Unary, scope: Scope | undefined): Value {
    const operand = this.evaluate(node.operand, scope);
    const { range } = node;
    if (node.operator === "-") {
      const exact = toDecimal(operand);
      const number = toNumber(operand);
      if (exact !== undefined) return markedBy([operand], { ...numberOf({ ...exact, digits: -exact.digits }), range });
      if (number !== undefined) return markedBy([operand], finiteNumber(-number, range));
    } else {
      const bool = toBool(operand);
      if (bool !== undefined) return markedBy([operand], { kind: "bool", value: !bool, range });
    }
    const wanted = node.operator === "-" ? "a number" : "true or false";
    throw new SourceError(operand.range, `"${node.operator}" needs ${wanted}, not ${kindName(operand)}`);
  }
}
