/** Evaluates bodies of arguments and blocks; a mistake in one expression does not hide those in others. */
import { BLOCK_COST } from "../budget.ts";
import type { Problems } from "../problems.ts";
import type { Attribute, Block, NativeBody, Value } from "../tree.ts";
import type { AttributeNode, BlockNode, BodyNode } from "./ast.ts";
import { instancesOf } from "./dynamic.ts";
import type { Instance } from "./dynamic.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

export interface BodyContext {
  readonly evaluator: Evaluator;
  readonly problems: Problems;
  /** Sees the value of every argument, and of what names dynamic blocks. */
  readonly onValue: (value: Value) => void;
}

/** What could not be evaluated is left out of the tree. Throws LimitError. */
export function evaluateBody(context: BodyContext, body: BodyNode, scope: Scope | undefined): NativeBody {
  const attributes = body.attributes.flatMap((node) => evaluateAttribute(context, node, scope));
  const blocks: Block[] = [];
  let incomplete = body.incomplete || attributes.length < body.attributes.length;
  for (const node of body.blocks) {
    const made = node.type === "dynamic" ? expandDynamic(context, node, scope) : [evaluateBlock(context, node, scope)];
    incomplete ||= made === undefined;
    for (const block of made ?? []) blocks.push(block);
  }
  return { kind: "native", attributes, blocks, incomplete };
}

export function evaluateBlock(context: BodyContext, node: BlockNode, scope: Scope | undefined): Block {
  const { type, range, labels } = node;
  context.evaluator.budget.spend(BLOCK_COST, range);
  return { type, range, labels, body: evaluateBody(context, node.body, scope) };
}

/** undefined when the dynamic block is in error, which is reported then. */
function expandDynamic(context: BodyContext, node: BlockNode, scope: Scope | undefined): Block[] | undefined {
  const { evaluator, problems } = context;
  return problems.attempt(() =>
    instancesOf(evaluator, node, scope, context.onValue).map((instance) => evaluateInstance(context, instance)),
  );
}

function evaluateInstance(context: BodyContext, { type, range, labels, body, scope }: Instance): Block {
  const { budget } = context.evaluator;
  budget.spend(BLOCK_COST, range);
  budget.enter(range);
  try {
    return { type, range, labels, body: evaluateBody(context, body, scope) };
  } finally {
    budget.leave();
  }
}

function evaluateAttribute(context: BodyContext, node: AttributeNode, scope: Scope | undefined): Attribute[] {
  const value = context.problems.attempt(() => {
    const result = context.evaluator.evaluate(node.expression, scope);
    context.onValue(result);
    return result;
  });
  return value === undefined ? [] : [{ name: node.name, nameRange: node.nameRange, value }];
}
