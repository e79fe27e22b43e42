/** A block that the table has been applied to: its values converted, its inner blocks by type. */
import { EMPTY_BODY } from "../tree.ts";
import type { Block } from "../tree.ts";
import type { Place } from "./places.ts";
import type { BlockTable, Plain } from "./table/rows.ts";

export interface Checked {
  readonly table: BlockTable;
  /** As it stands in the file. */
  readonly block: Block;
  /** The first label; "" when it has none. */
  readonly label: string;
  /** What is written and can be read; durations are nanoseconds. */
  readonly values: ReadonlyMap<string, Plain>;
  readonly blocks: ReadonlyMap<string, readonly Checked[]>;
  readonly place: Place;
}

/** The fields of both, those of `own` first; the place is that of `own`. */
export function over(base: Checked | undefined, own: Checked | undefined): Checked | undefined {
  if (base === undefined || own === undefined) return own ?? base;
  return { ...own, values: new Map([...base.values, ...own.values]) };
}

/** Stands in for an inner block that is not there: nothing is written, and nothing is missing where the outer is in error. */
export function emptyBlock({ table, block, place }: Checked): Checked {
  const body = { ...EMPTY_BODY, incomplete: place.incomplete };
  return {
    table,
    block: { ...block, labels: [], body },
    label: "",
    values: new Map(),
    blocks: new Map(),
    place: { ...place, parts: new Map(), unreadable: new Set() },
  };
}
