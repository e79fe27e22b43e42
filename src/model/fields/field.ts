/** The shape of the table of fields: what people call each field of a job, and what its change costs a running allocation. */

/**
 * nothing: no container and no registration is touched, the value counts from the next time it is needed. In place: Consul is
 * told, the allocation runs on. Replace: a new allocation takes its place.
 */
export type Cost = "nothing" | "in place" | "replace";

/** What a cost may depend on beside the field. */
export interface Surroundings {
  readonly proxy: "consul" | "envoy";
  /** The field belongs to a service with a sidecar. */
  readonly mesh: boolean;
}

export interface Rule {
  readonly cost: Cost;
  /** It is another one there. */
  readonly but?: { readonly where: keyof typeof WHERE; readonly cost: Cost };
}

/** The only things that a cost depends on, each with its words. */
export const WHERE = {
  mesh: { says: "of a service with a sidecar", holds: ({ mesh }: Surroundings) => mesh },
  builtIn: { says: "with `--proxy consul`", holds: ({ proxy }: Surroundings) => proxy === "consul" },
  envoy: { says: "with Envoy", holds: ({ proxy }: Surroundings) => proxy === "envoy" },
} as const;

/** A text, number, truth value, list of such, or map. */
export interface Leaf {
  readonly kind: "leaf";
  readonly name: string;
  readonly rule: Rule;
  readonly unit?: "ms";
  /** Another value makes it another thing: the one goes, the other comes. */
  readonly identity?: true;
  /** Keys of a map that cost something else. */
  readonly keys?: { readonly names: readonly string[]; readonly rule: Rule };
}

export interface Block<T> {
  readonly kind: "block";
  readonly name: string;
  readonly fields: Fields<T>;
}

export interface Blocks<T> {
  readonly kind: "blocks";
  readonly name: string;
  /** The field by which people tell them apart. */
  readonly by: keyof T;
  readonly fields: Fields<T>;
}

type Plain = string | number | boolean;

/** A field of the model without a row here is an error of types. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<NonNullable<T[K]>> };

type Field<T> = T extends Plain
  ? Leaf
  : T extends readonly (infer Item)[]
    ? Item extends Plain | readonly Plain[]
      ? Leaf
      : Blocks<Item>
    : string extends keyof T
      ? Leaf
      : Block<T>;

/** A field whose type is not known any more: what walks the table sees these. */
export type AnyField = Leaf | Block<AnyValue> | Blocks<AnyValue>;
export type AnyValue = Readonly<Record<string, unknown>>;
export type AnyFields = Readonly<Record<string, AnyField>>;

export const NOTHING: Rule = { cost: "nothing" };
export const IN_PLACE: Rule = { cost: "in place" };
export const REPLACE: Rule = { cost: "replace" };

export function leaf(name: string, rule: Rule, more: Pick<Leaf, "unit" | "identity" | "keys"> = {}): Leaf {
  return { kind: "leaf", name, rule, ...more };
}

export function duration(name: string, rule: Rule): Leaf {
  return leaf(name, rule, { unit: "ms" });
}

export function block<T>(name: string, fields: Fields<T>): Block<T> {
  return { kind: "block", name, fields };
}

export function blocks<T>(name: string, by: keyof T, fields: Fields<T>): Blocks<T> {
  return { kind: "blocks", name, by, fields };
}

export function costOf({ cost, but }: Rule, surroundings: Surroundings): Cost {
  return but !== undefined && WHERE[but.where].holds(surroundings) ? but.cost : cost;
}

const ORDER: readonly Cost[] = ["nothing", "in place", "replace"];

/** The highest of them; nothing costs nothing. */
export function highest(costs: readonly Cost[]): Cost {
  return ORDER[Math.max(0, ...costs.map((cost) => ORDER.indexOf(cost)))] ?? "nothing";
}

/** The table without the types of what it is about, for what goes through all of it. */
export function untyped<T>(fields: Fields<T>): AnyFields {
  return fields;
}
