/** The part of a job whose change replaces, as the table of fields says. */
import {
  type AnyField,
  type AnyFields,
  type AnyValue,
  costOf,
  type Fields,
  type Surroundings,
  untyped,
} from "./field.ts";

/** Leaves out every other field, and what tells things apart. A map becomes the list of its entries, sorted by key. */
export function replacing<T>(fields: Fields<T>, value: T, surroundings: Surroundings): AnyValue {
  return pick(untyped(fields), value as AnyValue, surroundings);
}

function pick(fields: AnyFields, value: AnyValue, surroundings: Surroundings): AnyValue {
  const entries = Object.entries(fields).map(([key, field]) => [key, part(field, value[key], surroundings)]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined)) as AnyValue;
}

function part(field: AnyField, value: unknown, surroundings: Surroundings): unknown {
  if (value === undefined) return undefined;
  switch (field.kind) {
    case "leaf":
      return field.identity !== true && costOf(field.rule, surroundings) === "replace" ? plain(value) : undefined;
    case "block":
      return pick(field.fields, value as AnyValue, surroundings);
    case "blocks": {
      const items = (value as readonly AnyValue[]).map((item) => pick(field.fields, item, surroundings));
      return items.every((item) => Object.keys(item).length === 0) ? undefined : items;
    }
  }
}

/** In what people name themselves, an empty value is one all the same: as an entry of a list it stays. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}
