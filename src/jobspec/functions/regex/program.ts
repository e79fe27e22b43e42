/** Regular expressions as programs of a small machine that tries all ways at once (Thompson; Pike). */
import { RegexMistake } from "./syntax.ts";
import type { Assertion, Node } from "./syntax.ts";

export type Instruction =
  | { readonly kind: "character"; readonly accepts: (codePoint: number) => boolean }
  /** Both ways, the first of them preferred. */
  | { readonly kind: "split"; first: number; second: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "save"; readonly slot: number }
  | { readonly kind: "assert"; readonly what: Assertion }
  | { readonly kind: "match" };

/** Copies of repeated parts included. */
const MAX_PROGRAM = 20_000;

/** Throws RegexMistake when it is too long. */
export function compileRegex(node: Node): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(program, node);
  program.push({ kind: "match" });
  return program;
}

function emit(program: Instruction[], node: Node): void {
  if (program.length > MAX_PROGRAM) throw new RegexMistake("It is too large");
  switch (node.kind) {
    case "character":
      program.push(node);
      break;
    case "assertion":
      program.push({ kind: "assert", what: node.what });
      break;
    case "sequence":
      for (const part of node.parts) emit(program, part);
      break;
    case "group":
      program.push({ kind: "save", slot: node.index * 2 });
      emit(program, node.node);
      program.push({ kind: "save", slot: node.index * 2 + 1 });
      break;
    case "choice":
      emitChoice(program, node.parts);
      break;
    case "repeat":
      emitRepeat(program, node);
      break;
  }
}

function emitChoice(program: Instruction[], parts: readonly Node[]): void {
  const ends: { to: number }[] = [];
  parts.forEach((part, index) => {
    if (index === parts.length - 1) return emit(program, part);
    const split = pushSplit(program, true);
    emit(program, part);
    const end = { kind: "jump" as const, to: 0 };
    program.push(end);
    ends.push(end);
    split.leave(program.length);
  });
  for (const end of ends) end.to = program.length;
}

function emitRepeat(program: Instruction[], node: Extract<Node, { readonly kind: "repeat" }>): void {
  if (node.most === Infinity) return emitEndless(program, node);
  for (let count = 0; count < node.least; count++) emit(program, node.node);
  const splits = [];
  for (let count = node.least; count < node.most; count++) {
    splits.push(pushSplit(program, node.greedy));
    emit(program, node.node);
  }
  for (const split of splits) split.leave(program.length);
}

/** What can be empty is tried once before it is tried again: else a preferred empty way would never be taken. */
function emitEndless(program: Instruction[], node: Extract<Node, { readonly kind: "repeat" }>): void {
  const split = node.least === 0 ? pushSplit(program, node.greedy) : undefined;
  const start = program.length;
  if (node.least === 0 && !canBeEmpty(node.node)) {
    emit(program, node.node);
    program.push({ kind: "jump", to: start - 1 });
  } else {
    for (let count = 1; count < node.least; count++) emit(program, node.node);
    const last = program.length;
    emit(program, node.node);
    const again = program.length + 1;
    program.push({ kind: "split", first: node.greedy ? last : again, second: node.greedy ? again : last });
  }
  split?.leave(program.length);
}

function canBeEmpty(node: Node): boolean {
  switch (node.kind) {
    case "character":
      return false;
    case "repeat":
      return node.least === 0 || canBeEmpty(node.node);
    case "group":
      return canBeEmpty(node.node);
    case "sequence":
      return node.parts.every(canBeEmpty);
    case "choice":
      return node.parts.some(canBeEmpty);
    default:
      return true;
  }
}

/** Goes on with the next instruction, or leaves for where it will be told; prefers the first if `stay`. */
function pushSplit(program: Instruction[], stay: boolean): { leave(to: number): void } {
  const next = program.length + 1;
  const split = { kind: "split" as const, first: next, second: next };
  program.push(split);
  return {
    leave(to) {
      if (stay) split.second = to;
      else split.first = to;
    },
  };
}
