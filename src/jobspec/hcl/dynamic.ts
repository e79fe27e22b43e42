/** Expands `dynamic "TYPE" { for_each, iterator, labels, content { … } }` into a block for each item. */
import { kindName, toText } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import { didYouMean } from "../suggest.ts";
import type { Label, Value } from "../tree.ts";
import type { BlockNode, BodyNode, Expression } from "./ast.ts";
import type { Evaluator } from "./evaluate.ts";
import { itemsOf } from "./for.ts";
import type { Scope } from "./scope.ts";

export const DYNAMIC_ARGUMENTS = ["for_each", "iterator", "labels"];

/** A dynamic block as written, with what it needs. */
interface Dynamic {
  readonly type: Label;
  readonly iterator: string;
  readonly labels: readonly Expression[];
  readonly collection: Expression;
  readonly content: BlockNode;
}

/** A block that a dynamic block stands for. */
export interface Instance {
  readonly type: string;
  readonly range: Range;
  readonly labels: readonly Label[];
  readonly body: BodyNode;
  /** In which its body is to be evaluated. */
  readonly scope: Scope;
}

/** `onValue` sees the value of every label. Throws SourceError at the first thing that is wrong. */
export function instancesOf(
  evaluator: Evaluator,
  node: BlockNode,
  scope: Scope | undefined,
  onValue: (value: Value) => void,
): Instance[] {
  const { type, labels, iterator, collection, content } = readDynamic(node);
  return pairsOf(evaluator.evaluate(collection, scope)).map((pair) => {
    const { text, range } = type;
    evaluator.budget.spend(1, range);
    evaluator.budget.spendOnCopy(pair[1], range);
    const inner = iteratorScope(iterator, pair, range, scope);
    const names = labels.map((label) => {
      const name = evaluator.evaluate(label, inner);
      onValue(name);
      return labelOf(name, label.range);
    });
    return { type: text, range, labels: names, body: content.body, scope: inner };
  });
}

type Pair = readonly [key: Value, value: Value];

/** Throws SourceError when there is nothing to iterate over. */
export function pairsOf(collection: Value): Pair[] {
  if (collection.kind === "list" || collection.kind === "object") return itemsOf(collection);
  const late = collection.kind === "string" && collection.value.includes("${");
  const detail = late ? "A name like this gets its value only when the task starts" : undefined;
  throw new SourceError(collection.range, `for_each needs a list, a set or a map, not ${kindName(collection)}`, detail);
}

/** The iterator is an object of the item's key and value. */
export function iteratorScope(name: string, [key, value]: Pair, range: Range, outer: Scope | undefined): Scope {
  const entries = [
    { key: "key", keyRange: range, value: key },
    { key: "value", keyRange: range, value },
  ];
  return { name, value: { kind: "object", entries, range }, outer };
}

export function labelOf(value: Value, range: Range): Label {
  const text = toText(value);
  if (text === undefined) throw new SourceError(range, `A label must be a string, not ${kindName(value)}`);
  return { text, range };
}

/** Throws SourceError at the first thing that is wrong or missing. */
function readDynamic({ range, labels, body }: BlockNode): Dynamic {
  const [type, extra] = labels;
  if (type === undefined) {
    throw new SourceError(
      range,
      "A dynamic block is named by the type of block it makes",
      'Write dynamic "service" { … }',
    );
  }
  if (extra !== undefined) {
    throw new SourceError(
      extra.range,
      "A dynamic block has one name",
      "The names of what it makes go into labels = […]",
    );
  }
  const given = new Map(body.attributes.map((attribute) => [attribute.name, attribute]));
  for (const { name, nameRange } of body.attributes)
    if (!DYNAMIC_ARGUMENTS.includes(name)) throw unknown(name, nameRange);
  const collection = given.get("for_each")?.expression;
  if (collection === undefined) throw new SourceError(range, "A dynamic block needs for_each", "Write for_each = LIST");
  return {
    type,
    iterator: iteratorOf(given.get("iterator")?.expression) ?? type.text,
    labels: labelsOf(given.get("labels")?.expression),
    collection,
    content: contentOf(body.blocks, range),
  };
}

function unknown(name: string, range: Range): SourceError {
  const detail = didYouMean(name, DYNAMIC_ARGUMENTS) ?? "The arguments of the blocks themselves go into content { … }";
  return new SourceError(range, `There is no argument "${name}" in a dynamic block`, detail);
}

function iteratorOf(expression: Expression | undefined): string | undefined {
  if (expression === undefined || expression.kind === "variable") return expression?.name;
  throw new SourceError(expression.range, "The iterator is a plain word", "Write iterator = NAME without quotes");
}

function labelsOf(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  if (expression.kind === "tuple") return expression.items;
  throw new SourceError(expression.range, "The labels stand in brackets", "Write labels = [NAME]");
}

function contentOf(blocks: readonly BlockNode[], range: Range): BlockNode {
  const other = blocks.find(({ type }) => type !== "content");
  if (other !== undefined) {
    const detail = "The blocks in the blocks themselves go into content { … }";
    throw new SourceError(other.range, `There is no block "${other.type}" in a dynamic block`, detail);
  }
  const [content, second] = blocks;
  if (content === undefined) throw new SourceError(range, "A dynamic block needs content", "Write content { … } in it");
  const [label] = content.labels;
  if (label !== undefined) {
    throw new SourceError(label.range, "A content block has no name", "The names of what is made go into labels = […]");
  }
  if (second === undefined) return content;
  const related = { range: content.range, summary: "The first one is here" };
  throw new SourceError(second.range, "There can be only one content block here", undefined, related);
}
