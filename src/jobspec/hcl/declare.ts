/** Shows the `variable`, `variables` and `locals` blocks of an HCL file as declarations, not evaluated yet. */
import type { DeclarationBlock, DeclaredItem } from "../variables/declarations.ts";
import type { AttributeNode, BlockNode } from "./ast.ts";
import { Evaluator } from "./evaluate.ts";
import type { Surroundings } from "./evaluate.ts";
import { parseType } from "./type-expressions.ts";
import type { Budget } from "../budget.ts";

export interface DeclareContext {
  readonly text: string;
  readonly budget: Budget;
  readonly surroundings: Omit<Surroundings, "roots">;
}

export function declarationOf(context: DeclareContext, node: BlockNode): DeclarationBlock {
  const { type, range, labels, body } = node;
  const items = body.attributes.map((attribute) => itemOf(context, attribute));
  const blocks = body.blocks.map((block) => declarationOf(context, block));
  return { type, range, labels, items, blocks, incomplete: body.incomplete };
}

function itemOf({ text, budget, surroundings }: DeclareContext, node: AttributeNode): DeclaredItem {
  const { name, nameRange, expression } = node;
  const evaluate = (extra: Surroundings) => new Evaluator(text, budget, extra).evaluate(expression, undefined);
  return {
    name,
    nameRange,
    valueRange: expression.range,
    type: () => parseType(expression),
    constant: () => evaluate({}),
    evaluate: (roots) => evaluate({ ...surroundings, roots }),
  };
}
