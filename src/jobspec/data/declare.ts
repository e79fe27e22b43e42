/** Shows the `variable`, `variables` and `locals` keys of a JSON or YAML file as declarations, as HCL's JSON syntax has them. */
import { parseExpressionText } from "../hcl/parser.ts";
import { parseType } from "../hcl/type-expressions.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import { expandBlocks } from "../schema/expand.ts";
import type { Block, Entry, Type, Value } from "../tree.ts";
import type { DeclarationBlock, DeclaredItem } from "../variables/declarations.ts";
import { evaluateData } from "./evaluate.ts";
import type { DataContext } from "./evaluate.ts";

export function declarationsOf(context: DataContext, entry: Entry, problems: Problems): DeclarationBlock[] {
  const labels = entry.key === "variable" ? 1 : 0;
  return expandBlocks(entry.key, entry, labels, problems).map((block) => declarationOf(context, block, problems));
}

function declarationOf(
  context: DataContext,
  { type, range, labels, body }: Block,
  problems: Problems,
): DeclarationBlock {
  const entries = (body.kind === "object" ? body.object.entries : []).filter(({ key }) => key !== "//");
  const isBlock = ({ key }: Entry): boolean => type === "variable" && key === "validation";
  return {
    type,
    range,
    labels,
    items: entries.filter((entry) => !isBlock(entry)).map((entry) => itemOf(context, entry)),
    blocks: entries.filter(isBlock).flatMap((entry) => declarationsOf(context, entry, problems)),
    incomplete: false,
  };
}

function itemOf(context: DataContext, { key, keyRange, value }: Entry): DeclaredItem {
  return {
    name: key,
    nameRange: keyRange,
    valueRange: value.range.start === value.range.end ? keyRange : value.range,
    type: () => typeOf(value),
    constant: () => value,
    evaluate: (roots) =>
      evaluateData({ ...context, surroundings: { ...context.surroundings, roots } }, value, undefined),
  };
}

/** A type is written as a string here: `"list(string)"`. */
function typeOf(value: Value): Type {
  if (value.kind !== "string") throw new SourceError(value.range, 'A type is a string here, such as "list(string)"');
  try {
    return parseType(parseExpressionText(value.value));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new SourceError(value.range, error.problem.summary, error.problem.detail);
  }
}
