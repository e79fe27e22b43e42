/** The types of HCL values (cty's): which type a value has, and how a type is written. */
import type { ObjectValue, Type, Value } from "../tree.ts";

export const ANY: Type = { kind: "any" };

export function typeOf(value: Value): Type {
  switch (value.kind) {
    case "null":
      return ANY;
    case "list":
      return value.collection ?? { kind: "tuple", items: value.items.map(typeOf) };
    case "object":
      return objectType(value);
    default:
      return { kind: value.kind };
  }
}

function objectType({ element, entries }: ObjectValue): Type {
  if (element !== undefined) return { kind: "map", element };
  return { kind: "object", attributes: new Map(entries.map(({ key, value }) => [key, typeOf(value)])) };
}

/** `any` equals only itself here. */
export function sameType(a: Type, b: Type): boolean {
  if ("element" in a) return "element" in b && a.kind === b.kind && sameType(a.element, b.element);
  if (a.kind === "tuple") {
    return (
      b.kind === "tuple" && a.items.length === b.items.length && a.items.every((item, at) => same(item, b.items[at]))
    );
  }
  if (a.kind !== "object") return a.kind === b.kind;
  if (b.kind !== "object" || a.attributes.size !== b.attributes.size) return false;
  return [...a.attributes].every(([name, type]) => same(type, b.attributes.get(name)));
}

function same(a: Type, b: Type | undefined): boolean {
  return b !== undefined && sameType(a, b);
}

/** As in a job file: `list(object({ name = string }))`. */
export function typeText(type: Type): string {
  if ("element" in type) return `${type.kind}(${typeText(type.element)})`;
  if (type.kind === "tuple") return `tuple([${type.items.map(typeText).join(", ")}])`;
  if (type.kind !== "object") return type.kind;
  const attributes = Array.from(type.attributes, ([name, inner]) => `${name} = ${typeText(inner)}`);
  return attributes.length === 0 ? "object({})" : `object({ ${attributes.join(", ")} })`;
}

/** A value of the type as it is written. */
export function exampleOf(type: Type): string {
  switch (type.kind) {
    case "string":
    case "any":
      return '"a"';
    case "number":
      return "1";
    case "bool":
      return "true";
    case "list":
    case "set":
      return `[${exampleOf(type.element)}]`;
    case "map":
      return `{ key = ${exampleOf(type.element)} }`;
    case "tuple":
      return `[${type.items.map(exampleOf).join(", ")}]`;
    case "object":
      return `{ ${Array.from(type.attributes, ([name, inner]) => `${name} = ${exampleOf(inner)}`).join(", ")} }`;
  }
}
