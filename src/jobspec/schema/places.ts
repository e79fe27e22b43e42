/** Where each part of the decoded job stands in its file, so that rules can point at what they find wrong. */
import type { Range } from "../source.ts";
import type { Value } from "../tree.ts";

export interface Place {
  /** The block's type and labels. */
  readonly block: Range;
  /** The values of its arguments, of entries (`env.KEY`) and items (`args.0`) in them, and the heads of the blocks in it. */
  readonly parts: ReadonlyMap<string, Range>;
  /** Arguments that are given but could not be read; they have an error already. */
  readonly unreadable: ReadonlySet<string>;
  /** Something in the block was refused, so what seems to be missing may only be misspelt. */
  readonly incomplete: boolean;
}

export class Places {
  readonly #places = new WeakMap<object, Place>();

  note<T extends object>(part: T, place: Place): T {
    this.#places.set(part, place);
    return part;
  }

  has(part: object): boolean {
    return this.#places.has(part);
  }

  /** The argument if it is given, or of `env.KEY` the entry if its place is known; else the block that it belongs to. */
  rangeOf(part: object, argument = ""): Range {
    const place = this.#places.get(part);
    for (let name = argument; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf(".")))) {
      const inner = place?.parts.get(name);
      if (inner !== undefined) return inner;
    }
    return place?.block ?? { start: 0, end: 0 };
  }

  isWhole(part: object): boolean {
    return this.#places.get(part)?.incomplete !== true;
  }

  isMissing(part: object, argument: string): boolean {
    const place = this.#places.get(part);
    return place !== undefined && !place.incomplete && !place.parts.has(argument);
  }

  /** Is there a value to judge, rather than none or one that is in error already? */
  isReadable(part: object, argument: string): boolean {
    const place = this.#places.get(part);
    return place?.parts.has(argument) === true && !place.unreadable.has(argument);
  }
}

/** Values without text of their own (an empty YAML value) are shown at their key. */
export function placeOf(value: Value, keyRange: Range): Range {
  return value.range.start === value.range.end ? keyRange : value.range;
}
