/** Runs the program of a regular expression: its time grows with the text, never with the ways through the expression. */
import type { Instruction } from "./program.ts";
import type { Assertion } from "./syntax.ts";

/** Offsets into the characters, start and end by group; undefined where a group took no part. */
export type Match = readonly (number | undefined)[];

interface Thread {
  readonly at: number;
  readonly saved: Match;
}

/** The leftmost match at or after `start`, of several there the preferred one. `pay` is told of every step. */
export function findMatch(
  program: readonly Instruction[],
  text: readonly number[],
  start: number,
  pay: (steps: number) => void,
): Match | undefined {
  let threads: Thread[] = [];
  let found: Match | undefined;
  for (let place = start; place <= text.length; place++) {
    if (found === undefined) threads = [...threads, { at: 0, saved: [place] }];
    const { next, match, steps } = step(program, text, place, threads);
    pay(steps);
    found = match ?? found;
    if (next.length === 0 && found !== undefined) return found;
    threads = next;
  }
  return found;
}

interface Step {
  readonly next: Thread[];
  readonly match: Match | undefined;
  readonly steps: number;
}

/** Follows all threads up to and past the character at a place; those after one that matches are given up. */
function step(
  program: readonly Instruction[],
  text: readonly number[],
  place: number,
  threads: readonly Thread[],
): Step {
  const visited = new Set<number>();
  const next: Thread[] = [];
  const stack = threads.toReversed();
  const character = text[place];
  for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
    if (visited.has(thread.at)) continue;
    visited.add(thread.at);
    const instruction = program[thread.at];
    if (instruction?.kind === "match") {
      return { next, match: [thread.saved[0], place, ...thread.saved.slice(2)], steps: visited.size };
    }
    if (instruction?.kind === "character") {
      if (character !== undefined && instruction.accepts(character)) next.push({ ...thread, at: thread.at + 1 });
    } else if (instruction !== undefined) stack.push(...followed(instruction, thread, text, place));
  }
  return { next, match: undefined, steps: visited.size };
}

type Passing = Exclude<Instruction, { readonly kind: "match" | "character" }>;

/** Where a thread goes without taking a character, the preferred way last. */
function followed(instruction: Passing, { at, saved }: Thread, text: readonly number[], place: number): Thread[] {
  switch (instruction.kind) {
    case "jump":
      return [{ at: instruction.to, saved }];
    case "split":
      return [
        { at: instruction.second, saved },
        { at: instruction.first, saved },
      ];
    case "save":
      return [{ at: at + 1, saved: withSlot(saved, instruction.slot, place) }];
    case "assert":
      return holds(instruction.what, text, place) ? [{ at: at + 1, saved }] : [];
  }
}

function withSlot(saved: Match, slot: number, place: number): Match {
  const copy = [...saved];
  copy[slot] = place;
  return copy;
}

function holds(what: Assertion, text: readonly number[], place: number): boolean {
  switch (what) {
    case "text start":
      return place === 0;
    case "text end":
      return place === text.length;
    case "line start":
      return place === 0 || text[place - 1] === LINE_FEED;
    case "line end":
      return place === text.length || text[place] === LINE_FEED;
    case "word edge":
      return isWord(text[place - 1]) !== isWord(text[place]);
    case "no word edge":
      return isWord(text[place - 1]) === isWord(text[place]);
  }
}

const LINE_FEED = 10;

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && codePoint < 128 && /\w/.test(String.fromCharCode(codePoint));
}
