/** What every rule works with: the means to point at a part of the job and say what is wrong with it. */
import type { Problems } from "../problems.ts";
import type { Places } from "../schema/places.ts";

export class Judge {
  readonly #problems: Problems;
  readonly #places: Places;

  constructor(problems: Problems, places: Places) {
    this.#problems = problems;
    this.#places = places;
  }

  /**
   * Points at the argument if it is given, else at the block. `env.KEY` and `args.0` are an entry and an item. `first` is shown too:
   * the part that this one collides with.
   */
  refuse(part: object, argument: string | undefined, summary: string, detail?: string, first?: object): void {
    const related = first && { range: this.#places.rangeOf(first, argument), summary: "The first one is here" };
    this.#problems.add(this.#places.rangeOf(part, argument), summary, detail, related);
  }

  /** The same for what has no effect that its writer can have meant. */
  warn(part: object, argument: string | undefined, summary: string, detail?: string): void {
    this.#problems.warn(this.#places.rangeOf(part, argument), summary, detail);
  }

  /** Is it a part of the job with a place of its own? */
  isPlaced(part: object): boolean {
    return this.#places.has(part);
  }

  /** Reports an argument that is not there; says whether there is one to judge. */
  require(part: object, argument: string, owner: string, detail?: string): boolean {
    if (this.#places.isMissing(part, argument)) this.refuse(part, undefined, `${owner} needs ${argument}`, detail);
    return this.#places.isReadable(part, argument);
  }

  /** Could all of it be read? Where not, what it does not have may only be missing because of that. */
  isWhole(part: object): boolean {
    return this.#places.isWhole(part);
  }

  /** Is it certain what the argument is, or that it is not there? */
  isKnown(part: object, argument: string): boolean {
    return this.given(part, argument) || this.isMissing(part, argument);
  }

  isMissing(part: object, argument: string): boolean {
    return this.#places.isMissing(part, argument);
  }

  given(part: object, argument: string): boolean {
    return this.#places.isReadable(part, argument);
  }

  /** For arguments whose default is always right. */
  range(part: object, argument: string, value: number, [least, most]: readonly [number, number]): void {
    if (!this.given(part, argument) || (value >= least && value <= most)) return;
    const wanted = most === Infinity ? `must be at least ${least}` : `must be between ${least} and ${most}`;
    this.refuse(part, argument, `${argument} ${wanted}`);
  }

  notNegative(part: object, argument: string, value: number): void {
    if (this.given(part, argument) && value < 0) this.refuse(part, argument, `${argument} cannot be negative`);
  }

  /** Calls back for each part whose key another part before it has already, with the first that has it. */
  duplicates<T extends object>(
    parts: readonly T[],
    keyOf: (part: T) => string,
    found: (part: T, key: string, first: T) => void,
  ): void {
    const seen = new Map<string, T>();
    for (const part of parts) {
      const key = keyOf(part);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, part);
      else found(part, key, first);
    }
  }
}

/** Refuses text that is only known when an allocation is made; says whether the text is known now. */
export function judgeKnown(judge: Judge, part: object, argument: string, text: string, owner: string): boolean {
  if (!isDeferred(text)) return true;
  const detail = "It must be known when the file is read; references are filled in only when an allocation is made";
  judge.refuse(part, argument, `A run-time reference is not supported yet in the ${argument} of ${owner}`, detail);
  return false;
}

/** Text that is only known when an allocation is made cannot be judged yet. */
export function isDeferred(text: string): boolean {
  return text.includes("${");
}
