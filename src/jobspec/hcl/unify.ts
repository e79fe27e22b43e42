/** Finds the one type that values of several types can become (cty's unification): for conditionals and collections. */
import type { Type } from "../tree.ts";
import { ANY, sameType } from "./types.ts";

type Collection = Extract<Type, { readonly element: Type }>;

/** undefined: there is none. What is `any` (null) goes with everything. */
export function unify(types: readonly Type[]): Type | undefined {
  const known = types.filter(({ kind }) => kind !== "any");
  const [first] = known;
  if (first === undefined) return ANY;
  if (known.every((type) => sameType(type, first))) return first;
  if (known.every(isPlain)) return known.some(({ kind }) => kind === "string") ? { kind: "string" } : undefined;
  if (known.every(({ kind }) => kind === "map" || kind === "object")) return unifyMaps(known);
  return known.every(({ kind }) => SEQUENCES.has(kind)) ? unifySequences(known) : undefined;
}

const SEQUENCES: ReadonlySet<string> = new Set(["list", "set", "tuple"]);

function isPlain({ kind }: Type): boolean {
  return kind === "string" || kind === "number" || kind === "bool";
}

function unifyMaps(types: readonly Type[]): Type | undefined {
  const objects = types.flatMap((type) => (type.kind === "object" ? [type.attributes] : []));
  const [first] = objects;
  const alike = objects.every((each) => first?.size === each.size && [...each.keys()].every((key) => first.has(key)));
  if (first === undefined || objects.length < types.length || !alike) return collection("map", types);
  const attributes = new Map<string, Type>();
  for (const name of first.keys()) {
    const type = unify(objects.map((each) => each.get(name) ?? ANY));
    if (type === undefined) return undefined;
    attributes.set(name, type);
  }
  return { kind: "object", attributes };
}

function unifySequences(types: readonly Type[]): Type | undefined {
  const tuples = types.flatMap((type) => (type.kind === "tuple" ? [type.items] : []));
  const [first] = tuples;
  if (first === undefined || tuples.length < types.length || tuples.some(({ length }) => length !== first.length)) {
    return collection(
      types.some(({ kind }) => kind === "list") || tuples.length === types.length ? "list" : "set",
      types,
    );
  }
  const items = first.map((_, at) => unify(tuples.map((each) => each[at] ?? ANY)));
  return items.every((item) => item !== undefined) ? { kind: "tuple", items } : undefined;
}

function collection(kind: Collection["kind"], types: readonly Type[]): Type | undefined {
  const element = unify(types.flatMap(elementTypes));
  return element === undefined ? undefined : { kind, element };
}

function elementTypes(type: Type): readonly Type[] {
  if ("element" in type) return [type.element];
  if (type.kind === "tuple") return type.items;
  return type.kind === "object" ? [...type.attributes.values()] : [];
}
