/** Reads HCL text into the neutral tree: its declarations first, then everything else with the values they give. */
import { Budget } from "../budget.ts";
import { collectSensitive } from "../marks.ts";
import type { ReadOptions, Tree } from "../options.ts";
import type { Problems } from "../problems.ts";
import type { NativeBody, Value } from "../tree.ts";
import { DECLARATIONS } from "../variables/declarations.ts";
import { readDeclarations } from "../variables/declare.ts";
import { Names } from "../variables/names.ts";
import type { BodyNode } from "./ast.ts";
import { evaluateBlock, evaluateBody } from "./bodies.ts";
import type { BodyContext } from "./bodies.ts";
import { declarationOf } from "./declare.ts";
import { Evaluator } from "./evaluate.ts";
import { parseHcl } from "./parser.ts";

/** What could not be read or evaluated is reported and left out of the tree. Throws LimitError. */
export function readHcl(text: string, problems: Problems, options: ReadOptions): Tree {
  const file = parseHcl(text, problems);
  const budget = new Budget();
  const surroundings = { problems, ...(options.files === undefined ? {} : { files: options.files }) };
  const declared = file.blocks.filter(isDeclaration);
  const blocks = declared.map((block) => declarationOf({ text, budget, surroundings }, block));
  const declarations = readDeclarations(blocks, problems, file.incomplete);
  const names = new Names(declarations, { ...options, problems, budget });
  names.resolveAll();
  const evaluator = new Evaluator(text, budget, { ...surroundings, roots: names });
  const onValue = (value: Value) => collectSensitive(value, options.sensitive, budget, value.range);
  return { body: evaluateFile({ evaluator, problems, onValue }, file), given: names.given };
}

function isDeclaration({ type }: { readonly type: string }): boolean {
  return DECLARATIONS.has(type);
}

/** Only what stands in a block of the file can be made by a dynamic block; in the file itself its schema refuses one. */
function evaluateFile(context: BodyContext, file: BodyNode): NativeBody {
  const blocks = file.blocks.filter((block) => !isDeclaration(block));
  const attributes = evaluateBody(context, { ...file, blocks: [] }, undefined);
  return { ...attributes, blocks: blocks.map((block) => evaluateBlock(context, block, undefined)) };
}
