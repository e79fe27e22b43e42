/** Reads type expressions: `string`, `list(T)`, `object({ name = T })` and the others, as `variable` and `convert` take them. */
import { SourceError } from "../problems.ts";
import { didYouMean } from "../suggest.ts";
import type { Type } from "../tree.ts";
import type { Call, Expression } from "./ast.ts";

const PLAIN = ["string", "number", "bool", "any"] as const;
const COLLECTIONS = ["list", "set", "map"] as const;
const CONSTRUCTORS = [...COLLECTIONS, "object", "tuple"];

/** Throws SourceError at the part that is no type. */
export function parseType(expression: Expression): Type {
  if (expression.kind === "call") return parseConstructor(expression);
  if (expression.kind !== "variable") throw notAType(expression);
  const { name, range } = expression;
  const plain = PLAIN.find((candidate) => candidate === name);
  if (plain !== undefined) return { kind: plain };
  if (CONSTRUCTORS.includes(name)) throw new SourceError(range, `The type ${name} needs more: ${exampleOf(name)}`);
  throw new SourceError(range, `There is no type "${name}"`, didYouMean(name, [...PLAIN, ...CONSTRUCTORS]) ?? KNOWN);
}

const KNOWN = "Types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…])";

function notAType({ kind, range }: Expression): SourceError {
  const quoted = kind === "template" ? "Write it without quotes" : KNOWN;
  return new SourceError(range, "A type is expected here", quoted);
}

function exampleOf(constructor: string): string {
  if (constructor === "object") return "object({ name = string })";
  return constructor === "tuple" ? "tuple([string, number])" : `${constructor}(string)`;
}

function parseConstructor(call: Call): Type {
  const { name, range, args, expandLast } = call;
  const [argument, second] = args;
  if (!CONSTRUCTORS.includes(name)) {
    throw new SourceError(range, `There is no type "${name}(…)"`, didYouMean(name, CONSTRUCTORS) ?? KNOWN);
  }
  if (argument === undefined || second !== undefined || expandLast) {
    throw new SourceError(range, `The type ${name} takes one argument: ${exampleOf(name)}`);
  }
  const kind = COLLECTIONS.find((candidate) => candidate === name);
  if (kind !== undefined) return { kind, element: parseType(argument) };
  return name === "object" ? parseObject(argument) : parseTuple(argument);
}

function parseObject(argument: Expression): Type {
  if (argument.kind !== "object") {
    throw new SourceError(argument.range, `The type object takes its attributes in braces: ${exampleOf("object")}`);
  }
  const attributes = new Map<string, Type>();
  for (const { key, value } of argument.items) {
    if (key.kind !== "variable") throw new SourceError(key.range, "The name of an attribute is a plain word here");
    if (attributes.has(key.name)) throw new SourceError(key.range, `The attribute "${key.name}" is there twice`);
    attributes.set(key.name, parseType(value));
  }
  return { kind: "object", attributes };
}

function parseTuple(argument: Expression): Type {
  if (argument.kind !== "tuple") {
    throw new SourceError(argument.range, `The type tuple takes its types in brackets: ${exampleOf("tuple")}`);
  }
  return { kind: "tuple", items: argument.items.map(parseType) };
}
