/** What differs between two versions of a job or group, field by field, in the words of job files. Pure. */
import { diffLeaf, holdsAny, type Scope } from "./diff-leaf.ts";
import {
  type AnyField,
  type AnyFields,
  type AnyValue,
  type Cost,
  costOf,
  type Fields,
  highest,
  untyped,
} from "./fields/field.ts";
import { type FieldChange, SENSITIVE } from "./plan.ts";
import { isSame } from "./same.ts";

export type DiffContext = Pick<Scope, "proxy" | "sensitive">;

type Side = AnyValue | undefined;

/** `except` names fields that are told elsewhere. Lists and maps are compared item by item, blocks by their names. */
export function diffFields<T>(
  fields: Fields<T>,
  [before, after]: readonly [T | undefined, T | undefined],
  context: DiffContext,
  except: readonly (keyof T)[] = [],
): readonly FieldChange[] {
  const entries = Object.entries(untyped(fields)).filter(([key]) => !except.includes(key as keyof T));
  const scope = { ...context, path: [], mesh: false };
  return inBlock(Object.fromEntries(entries), before as Side, after as Side, scope);
}

function inBlock(fields: AnyFields, before: Side, after: Side, scope: Scope): readonly FieldChange[] {
  return Object.entries(fields).flatMap(([key, field]) => inField(field, before?.[key], after?.[key], scope));
}

function inField(field: AnyField, before: unknown, after: unknown, scope: Scope): readonly FieldChange[] {
  if (before === after) return [];
  const names = field.name.split(" > ");
  const inner = { ...scope, path: [...scope.path, ...names] };
  switch (field.kind) {
    case "leaf":
      return field.identity === true ? [] : diffLeaf(field, before, after, inner);
    case "block":
      return inNamed(field.fields, [before as Side, after as Side], inner);
    case "blocks":
      return inBlocks({ ...field, name: names.at(-1) ?? "" }, [before, after], {
        ...scope,
        path: inner.path.slice(0, -1),
      });
  }
}

/**
 * A block that comes or goes has a line of its own, and then one for each field that says something. As a part of one that comes or
 * goes it has its own only if there is nothing to say of its fields.
 */
function inNamed(fields: AnyFields, [before, after]: readonly [Side, Side], scope: Scope): readonly FieldChange[] {
  if ((before === undefined) === (after === undefined)) return inBlock(fields, before, after, scope);
  const inner = inBlock(fields, before, after, { ...scope, within: "block" });
  if (scope.within === "block" || (scope.within === "item" && inner.length > 0)) return inner;
  return [comesOrGoes(fields, [before, after], scope), ...inner];
}

function comesOrGoes(fields: AnyFields, [before, after]: readonly [Side, Side], scope: Scope): FieldChange {
  const cost = costOfBlock(fields, before ?? after ?? {}, scope);
  return { path: scope.path, change: before === undefined ? "added" : "removed", cost };
}

/** The highest that any field of what is there costs. */
function costOfBlock(fields: AnyFields, value: AnyValue, scope: Scope): Cost {
  const costs = Object.entries(fields).flatMap(([key, field]): readonly Cost[] => {
    const inner = value[key];
    if (inner === undefined) return [];
    if (field.kind === "leaf") return [costOf(field.rule, scope)];
    if (field.kind === "block") return [costOfBlock(field.fields, inner as AnyValue, scope)];
    return (inner as readonly AnyValue[]).map((item) => costOfBlock(field.fields, item, withMesh(scope, item)));
  });
  return highest(costs);
}

function withMesh(scope: Scope, ...sides: readonly Side[]): Scope {
  return { ...scope, mesh: scope.mesh || sides.some((side) => side?.["connect"] !== undefined) };
}

function inBlocks(
  { name, by, fields }: { readonly name: string; readonly by: string; readonly fields: AnyFields },
  sides: readonly [unknown, unknown],
  scope: Scope,
): readonly FieldChange[] {
  const [before, after] = sides.map((side) => labelled(name, by, (side ?? []) as readonly AnyValue[]));
  if (before === undefined || after === undefined) return [];
  const others = Object.fromEntries(Object.entries(fields).filter(([key]) => key !== by));
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((label) => {
    const [old, now] = [before.get(label), after.get(label)];
    const inner = { ...withMesh(scope, old, now), path: [...scope.path, shown(name, label, scope)] };
    if (old !== undefined && now !== undefined) return inBlock(others, old, now, inner);
    return [comesOrGoes(fields, [old, now], inner), ...inBlock(others, old, now, { ...inner, within: "item" })];
  });
  return [...changes, ...inOrder(name, fields, [before, after], scope)];
}

/** Blocks by how people would name them: `task "web"`, `check[0]` without a name, `check "a"[1]` for a second one. */
function labelled(name: string, by: string, items: readonly AnyValue[]): ReadonlyMap<string, AnyValue> {
  const found = new Map<string, AnyValue>();
  for (const item of items) {
    const own = typeof item[by] === "string" && item[by] !== "" ? `${name} ${JSON.stringify(item[by])}` : name;
    let label = own === name ? `${name}[0]` : own;
    for (let index = 1; found.has(label); index++) label = `${own}[${index}]`;
    found.set(label, item);
  }
  return found;
}

function shown(name: string, label: string, { sensitive }: Scope): string {
  return holdsAny(label.slice(name.length), sensitive) ? `${name} ${SENSITIVE}` : label;
}

/** Those that are on both sides stand in another order. */
function inOrder(
  name: string,
  fields: AnyFields,
  [before, after]: readonly [ReadonlyMap<string, AnyValue>, ReadonlyMap<string, AnyValue>],
  scope: Scope,
): readonly FieldChange[] {
  const [old, now] = [
    [...before.keys()].filter((label) => after.has(label)),
    [...after.keys()].filter((label) => before.has(label)),
  ];
  if (isSame(old, now)) return [];
  const cost = highest([...after.values()].map((item) => costOfBlock(fields, item, withMesh(scope, item))));
  const path = [...scope.path, `order of ${name}`];
  const listed = (labels: readonly string[]): string => labels.map((label) => shown(name, label, scope)).join(", ");
  return [{ path, change: "changed", before: listed(old), after: listed(now), cost }];
}
