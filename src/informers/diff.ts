/** What differs between two readings, as the keys of the work queue. */
import type { AllocRef } from "../model/container.ts";
import { groupKey } from "../model/keys.ts";
import { isSame } from "../model/same.ts";

interface Marked {
  readonly ref?: AllocRef;
}

/** Keys of the groups whose objects came, went or changed. `idOf` names an object within its list. */
export function changedGroups<T extends Marked>(
  before: readonly T[] | undefined,
  after: readonly T[],
  idOf: (item: T) => string,
): readonly string[] {
  const old = new Map((before ?? []).map((item) => [idOf(item), item]));
  const touched: T[] = [];
  for (const item of after) {
    const was = old.get(idOf(item));
    old.delete(idOf(item));
    if (was === undefined || !isSame(was, item)) touched.push(item);
  }
  touched.push(...old.values());
  return [...new Set(touched.flatMap(({ ref }) => (ref === undefined ? [] : [groupKey(ref.job, ref.group)])))];
}
