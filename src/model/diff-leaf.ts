/** What differs in one text, number, list or map of a job, as it is to be shown. Pure. */
import { durationText } from "./duration.ts";
import { type AnyValue, costOf, type Leaf, type Rule, type Surroundings } from "./fields/field.ts";
import { type FieldChange, SENSITIVE } from "./plan.ts";
import { isSame } from "./same.ts";

export interface Scope extends Surroundings {
  readonly path: readonly string[];
  /** Texts that are not to be shown, nor what holds one of them. */
  readonly sensitive: ReadonlySet<string>;
  /** What the field is a part of comes or goes as a whole: a block, or an item of a list of blocks. */
  readonly within?: "block" | "item";
}

interface Place extends Scope {
  readonly leaf?: Leaf;
  /** Of a list or a map, where an empty text is a value too. */
  readonly isEntry?: true;
}

/** A map key by key, a list by what is in the one and not in the other; nothing for two ways to say nothing. */
export function diffLeaf(leaf: Leaf, before: unknown, after: unknown, scope: Scope): readonly FieldChange[] {
  if (isSame(before, after)) return [];
  if (isMap(before) || isMap(after)) return inMap(leaf, (before ?? {}) as AnyValue, (after ?? {}) as AnyValue, scope);
  if (isList(before) || isList(after)) return inList(leaf, [before, after], scope);
  return [changeOf(leaf.rule, before, after, { ...scope, leaf })].filter((each) => each !== undefined);
}

function inMap(leaf: Leaf, before: AnyValue, after: AnyValue, scope: Scope): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    if (isSame(before[key], after[key])) return [];
    const rule = leaf.keys?.names.includes(key) === true ? leaf.keys.rule : leaf.rule;
    const path = [...scope.path, holdsAny(key, scope.sensitive) ? SENSITIVE : key];
    const change = changeOf(rule, before[key], after[key], { ...scope, path, isEntry: true });
    return change === undefined ? [] : [change];
  });
}

/** What is in the one and not in the other; the whole lists if only their order differs. */
function inList(leaf: Leaf, sides: readonly [unknown, unknown], scope: Scope): readonly FieldChange[] {
  const [before, after] = sides.map((side) => (isList(side) ? side : [])) as [readonly unknown[], readonly unknown[]];
  const gone = without(before, after).map((item) => changeOf(leaf.rule, item, undefined, { ...scope, isEntry: true }));
  const come = without(after, before).map((item) => changeOf(leaf.rule, undefined, item, { ...scope, isEntry: true }));
  const found = [...gone, ...come].filter((each) => each !== undefined);
  if (found.length > 0) return found;
  return [changeOf(leaf.rule, before, after, scope)].filter((each) => each !== undefined);
}

function without(items: readonly unknown[], others: readonly unknown[]): readonly unknown[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.findIndex((other) => isSame(other, item));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** undefined: there is nothing on either side. */
function changeOf(rule: Rule, before: unknown, after: unknown, place: Place): FieldChange | undefined {
  const [was, is] = [before, after].map((value) => (isNothing(value, place) ? undefined : value));
  if (was === undefined && is === undefined) return undefined;
  const isHidden = [was, is].some((value) => holdsAny(value, place.sensitive));
  const text = (value: unknown): string => (isHidden ? SENSITIVE : textOf(value, place.leaf));
  return {
    path: place.path,
    change: was === undefined ? "added" : is === undefined ? "removed" : "changed",
    ...(was === undefined ? {} : { before: text(was) }),
    ...(is === undefined ? {} : { after: text(is) }),
    cost: costOf(rule, place),
  };
}

/** In a block that comes or goes, false and 0 say nothing either. */
function isNothing(value: unknown, { isEntry, within }: Place): boolean {
  if (value === undefined || isEntry === true) return value === undefined;
  const isUnset = within !== undefined && (value === false || value === 0);
  return isUnset || value === "" || (isList(value) && value.length === 0);
}

/** Also what a text was put into shows it; one of few characters only where it stands alone, or it would hide too much. */
export function holdsAny(value: unknown, sensitive: ReadonlySet<string>): boolean {
  if (value === undefined) return false;
  const text = JSON.stringify(value);
  return [...sensitive].some((secret) => holds(text, JSON.stringify(secret).slice(1, -1)));
}

const LEAST_INSIDE_WORDS = 4;

function holds(text: string, secret: string): boolean {
  if (secret === "") return false;
  if (secret.length >= LEAST_INSIDE_WORDS) return text.includes(secret);
  return text.split(secret).some((before, at, parts) => at + 1 < parts.length && isApart(before, parts[at + 1] ?? ""));
}

/** Neither side goes on with a letter or a digit. */
function isApart(before: string, after: string): boolean {
  return !/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{N}_]/u.test(after);
}

function textOf(value: unknown, leaf: Leaf | undefined): string {
  return leaf?.unit === "ms" && typeof value === "number" ? JSON.stringify(durationText(value)) : JSON.stringify(value);
}

function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
