/** Reads HCL text into the neutral tree; a mistake in one expression does not hide those in others. */
import { Budget } from "../budget.ts";
import type { Problems } from "../problems.ts";
import type { Attribute, Block, NativeBody } from "../tree.ts";
import type { AttributeNode, BlockNode, BodyNode } from "./ast.ts";
import { Evaluator } from "./evaluate.ts";
import { parseHcl } from "./parser.ts";

/** undefined when the syntax is wrong; what could not be evaluated is left out of the tree. */
export function readHcl(text: string, problems: Problems): NativeBody | undefined {
  const body = problems.attempt(() => parseHcl(text));
  return body && evaluateBody(body, new Evaluator(text, new Budget()), problems);
}

function evaluateBody(body: BodyNode, evaluator: Evaluator, problems: Problems): NativeBody {
  const attributes = body.attributes.flatMap((node) => evaluateAttribute(node, evaluator, problems));
  const blocks = body.blocks.map((node) => evaluateBlock(node, evaluator, problems));
  return { kind: "native", attributes, blocks, incomplete: attributes.length < body.attributes.length };
}

function evaluateAttribute(node: AttributeNode, evaluator: Evaluator, problems: Problems): Attribute[] {
  const value = problems.attempt(() => evaluator.evaluate(node.expression, undefined));
  return value === undefined ? [] : [{ name: node.name, nameRange: node.nameRange, value }];
}

function evaluateBlock(node: BlockNode, evaluator: Evaluator, problems: Problems): Block {
  const { type, range, labels } = node;
  return { type, range, labels, body: evaluateBody(node.body, evaluator, problems) };
}
