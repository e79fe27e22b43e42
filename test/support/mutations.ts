/** Every field of a value in turn with another value, by the table of fields: what the table says of it beside what became of it. */
import type { AnyField, AnyFields, AnyValue, Leaf, Rule } from "../../src/model/fields/field.ts";

export interface Mutation {
  /** As people write it, such as `group > task > config > image`. */
  readonly path: string;
  readonly rule: Rule;
  readonly mutated: unknown;
}

/** One for each leaf that is there, and for each key of a map. */
export function mutationsOf(fields: AnyFields, value: AnyValue, path = ""): readonly Mutation[] {
  return Object.entries(fields).flatMap(([key, field]) => {
    const inner = ofField(field, value[key], path === "" ? field.name : `${path} > ${field.name}`);
    return inner.map((each) => ({ ...each, mutated: { ...value, [key]: each.mutated } }));
  });
}

function ofField(field: AnyField, value: unknown, path: string): readonly Mutation[] {
  if (value === undefined) return [];
  switch (field.kind) {
    case "leaf":
      return field.identity === true ? [] : ofLeaf(field, value, path);
    case "block":
      return mutationsOf(field.fields, value as AnyValue, path);
    case "blocks":
      return (value as readonly AnyValue[]).flatMap((item, at) =>
        mutationsOf(field.fields, item, path).map((each) => ({
          ...each,
          mutated: (value as readonly AnyValue[]).map((other, index) => (index === at ? each.mutated : other)),
        })),
      );
  }
}

function ofLeaf(leaf: Leaf, value: unknown, path: string): readonly Mutation[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [{ path, rule: leaf.rule, mutated: another(value) }];
  return Object.keys(value).map((key) => ({
    path: `${path} > ${key}`,
    rule: leaf.keys?.names.includes(key) === true ? leaf.keys.rule : leaf.rule,
    mutated: { ...value, [key]: another((value as AnyValue)[key]) },
  }));
}

/** Words of which only some are allowed. */
const CHOICES: Readonly<Record<string, string>> = {
  bridge: "none",
  http: "tcp",
  service: "system",
  delay: "fail",
  constant: "fibonacci",
  poststart: "prestart",
  warning: "passing",
  local: "remote",
  auto: "host",
};

function another(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as readonly unknown[]), "more"];
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") throw new Error(`no other value is known for ${JSON.stringify(value)}`);
  return CHOICES[value] ?? `${value}x`;
}
