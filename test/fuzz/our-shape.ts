/** The shape of an expression as one line of text, from our tree; hcl-shape.ts writes that of HCL's own tree the same way. */
import type { Expression, Step, Template, TemplatePart } from "../../src/jobspec/hcl/ast.ts";

/** HCL's own names of the operators. */
const OPERATORS: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "%": "modulo",
  "==": "equal",
  "!=": "notEqual",
  "<": "lessThan",
  "<=": "lessThanOrEqual",
  ">": "greaterThan",
  ">=": "greaterThanOrEqual",
  "&&": "logicalAnd",
  "||": "logicalOr",
};

export function ourShape(node: Expression): string {
  switch (node.kind) {
    case "number":
      return `number ${Number(node.text)}`;
    case "bool":
      return `bool ${node.value}`;
    case "null":
      return "null";
    case "variable":
      return node.name;
    case "template":
      return templateShape(node);
    case "parentheses":
      return `(${ourShape(node.inner)})`;
    case "unary":
      return `${node.operator === "-" ? "negate" : "logicalNot"}(${ourShape(node.operand)})`;
    case "binary":
      return `${OPERATORS[node.operator]}(${ourShape(node.left)}, ${ourShape(node.right)})`;
    case "conditional":
      return `if(${[node.condition, node.whenTrue, node.whenFalse].map(ourShape).join(", ")})`;
    case "tuple":
      return `[${node.items.map(ourShape).join(", ")}]`;
    case "object":
      return `{${node.items.flatMap(({ key, value }) => [keyShape(key), ourShape(value)]).join(", ")}}`;
    case "for": {
      const inner = [node.collection, node.key, node.value, node.condition].flatMap((part) => part ?? []);
      return forShape(node.keyName, node.valueName, inner.map(ourShape));
    }
    case "call":
      return `${node.name}(${node.args.map(ourShape).join(", ")}${node.expandLast ? "..." : ""})`;
    case "access":
      return stepsShape(ourShape(node.base), node.steps);
  }
}

export function forShape(keyName: string | undefined, valueName: string, inner: readonly string[]): string {
  return `for ${keyName ?? ""},${valueName}(${inner.join(", ")})`;
}

/** A bare word is a key by itself. */
function keyShape(key: Expression): string {
  const word = key.kind === "variable" || key.kind === "bool" || key.kind === "null";
  return word ? "word" : ourShape(key);
}

function stepsShape(base: string, steps: readonly Step[]): string {
  return steps.reduce((shape, step) => {
    if (step.kind === "attribute") return `${shape}.${step.name}`;
    if (step.kind === "splat") return `splat(${shape}, ${stepsShape("_", step.each)})`;
    const literal = literalKey(step.key);
    return literal === undefined ? `index(${shape}, ${ourShape(step.key)})` : `${shape}[${literal}]`;
  }, base);
}

/** Keys that HCL takes into the path. */
function literalKey(key: Expression): string | undefined {
  if (key.kind === "number") return indexShape(key.text);
  if (key.kind === "bool" || key.kind === "null") return "";
  if (key.kind !== "template" || !key.parts.every((part) => part.kind === "text")) return undefined;
  return `"${key.parts.map((part) => part.text).join("")}"`;
}

function templateShape({ parts }: Template): string {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "interpolation") return `wrap(${ourShape(only.expression)})`;
  return `"${partsShape(parts)}"`;
}

/** Text is compared elsewhere; here only that there is some. */
function partsShape(parts: readonly TemplatePart[]): string {
  return parts.flatMap(partShape).join(" ");
}

function partShape(part: TemplatePart): string[] {
  switch (part.kind) {
    case "text":
      return [];
    case "interpolation":
      return [ourShape(part.expression)];
    case "if":
      return [`if(${ourShape(part.condition)}, "${partsShape(part.whenTrue)}", "${partsShape(part.whenFalse)}")`];
    case "for": {
      const inner = [ourShape(part.collection), `"${partsShape(part.body)}"`];
      return [`join(${forShape(part.keyName, part.valueName, inner)})`];
    }
  }
}

/** The oracle tells the first digits only. */
export function indexShape(number: string): string {
  return Number(number).toPrecision(9);
}
