/** Evaluates HCL expressions to values; a name that only the starting task knows stays in the text as `${name}`. */
import { NODE_COST } from "../budget.ts";
import type { Budget } from "../budget.ts";
import { kindName, literalNumber, toBool, toNumber } from "../convert.ts";
import type { JobFiles } from "../files.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, Value } from "../tree.ts";
import { evaluateAccess } from "./access.ts";
import type { Expression, ObjectNode, Unary, Variable } from "./ast.ts";
import { evaluateCall } from "./call.ts";
import { evaluateBinary, evaluateConditional, finiteNumber } from "./operators.ts";
import { evaluateFor } from "./for.ts";
import { evaluateTemplate } from "./template-values.ts";
import { addEntry, objectKey } from "./objects.ts";

/** Names that a `for` binds, innermost first. */
export interface Scope {
  readonly name: string;
  readonly value: Value;
  readonly outer: Scope | undefined;
}

/** Roots that mean something in Nomad's job files; passing them on as text would hide a mistake. */
const RESERVED_ROOTS: ReadonlySet<string> = new Set(["var", "local"]);

/** What an evaluation may use besides its text. */
export interface Surroundings {
  /** Files beside the job file; absent where there are none to be read. */
  readonly files?: JobFiles;
}

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
    this.budget.spend(NODE_COST, expression.range);
    const { range } = expression;
    switch (expression.kind) {
      case "number":
        return literalNumber(expression.text, range);
      case "bool":
        return { kind: "bool", value: expression.value, range };
      case "null":
        return { kind: "null", range };
      case "template":
        return evaluateTemplate(this, expression, scope);
      case "variable":
        return this.#variable(expression, scope);
      case "tuple":
        return { kind: "list", items: expression.items.map((item) => this.evaluate(item, scope)), range };
      case "object":
        return this.#object(expression, scope);
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
    const bound = find(scope, node.name);
    if (bound === undefined) return this.deferred(node.name, node.range, node.range);
    this.budget.spendOnCopy(bound, node.range);
    return { ...bound, range: node.range };
  }

  /** Text in the place of a name that is unknown until the task starts. `source` is what was written. */
  deferred(root: string, source: Range, range: Range): Value {
    if (RESERVED_ROOTS.has(root)) {
      throw new SourceError(range, "Variables are not supported yet", "Write the value itself");
    }
    return { kind: "string", value: `\${${this.text.slice(source.start, source.end)}}`, range };
  }

  #object(node: ObjectNode, scope: Scope | undefined): Value {
    const entries = new Map<string, Entry>();
    for (const item of node.items) {
      const key = objectKey(this, item.key, scope);
      addEntry(entries, key, item.key.range, this.evaluate(item.value, scope));
    }
    return { kind: "object", entries: [...entries.values()], range: node.range };
  }

  #unary(node: Unary, scope: Scope | undefined): Value {
    const operand = this.evaluate(node.operand, scope);
    const { range } = node;
    if (node.operator === "-") {
      const number = toNumber(operand);
      if (number !== undefined) return finiteNumber(-number, range);
    } else {
      const bool = toBool(operand);
      if (bool !== undefined) return { kind: "bool", value: !bool, range };
    }
    const wanted = node.operator === "-" ? "a number" : "true or false";
    throw new SourceError(operand.range, `"${node.operator}" needs ${wanted}, not ${kindName(operand)}`);
  }
}

function find(scope: Scope | undefined, name: string): Value | undefined {
  for (let place = scope; place !== undefined; place = place.outer) {
    if (place.name === name) return place.value;
  }
  return undefined;
}
