/** The shape of an expression as one line of text, from HCL's own tree, written as our-shape.ts writes ours. */
import type { HclNode } from "./oracle.ts";
import { forShape, indexShape } from "./our-shape.ts";

/** What the nodes say of themselves; which of these are there depends on the type. */
interface Meta {
  readonly type?: string;
  readonly value?: string;
  readonly operator?: string;
  readonly name?: string;
  readonly expandedFinalArgument?: boolean;
  readonly keyVar?: string;
  readonly valVar?: string;
  readonly traversal?: readonly { readonly type: string; readonly segment?: string }[];
}

export function hclShape(node: HclNode): string {
  const meta: Meta = "meta" in node ? ((node.meta ?? {}) as Meta) : {};
  const inner = (node.children ?? []).map(hclShape);
  const [first = "_", second = "?"] = inner;
  switch (node.type as string) {
    case "literalValue":
      return literalShape(meta);
    case "scopeTraversal":
      return pathShape(meta).slice(1);
    case "relativeTraversal":
      return first + pathShape(meta);
    case "index":
      return `index(${first}, ${second})`;
    case "splat":
      return `splat(${inner.join(", ")})`;
    case "unaryOp":
      return `${meta.operator}(${first})`;
    case "binaryOp":
      return `${meta.operator ?? "subtract"}(${inner.join(", ")})`;
    case "conditional":
      return `if(${inner.join(", ")})`;
    case "tuple":
      return `[${inner.join(", ")}]`;
    case "object":
      return objectShape(node);
    case "for":
      return forShape(meta.keyVar, meta.valVar ?? "", inner);
    case "function":
      return `${meta.name}(${inner.join(", ")}${meta.expandedFinalArgument === true ? "..." : ""})`;
    case "templateWrap":
      return `wrap(${first})`;
    case "template":
      return `"${partsOf(node).join(" ")}"`;
    case "templateJoin":
      return `join(${first})`;
    case "":
      return inner.length === 0 ? "_" : `(${first})`;
    default:
      throw new Error(`unknown node ${node.type}`);
  }
}

function literalShape({ type, value }: Meta): string {
  if (type === "number") return `number ${Number(value)}`;
  return type === "bool" ? `bool ${value}` : "null";
}

function pathShape({ traversal = [] }: Meta): string {
  return traversal
    .map(({ type, segment = "" }) => (type === "nameTraversal" ? `.${segment}` : `[${keyOf(segment)}]`))
    .join("");
}

function keyOf(segment: string): string {
  return segment === "" || segment.startsWith('"') ? segment : indexShape(segment);
}

/** A key is wrapped; what is bare inside is a word. */
function objectShape(node: HclNode): string {
  const children = node.children ?? [];
  const inner = children.map((child, index) => (index % 2 === 0 ? keyShape(child) : hclShape(child)));
  return `{${inner.join(", ")}}`;
}

function keyShape(key: HclNode): string {
  const [only] = key.children ?? [];
  return only === undefined ? "word" : hclShape(only);
}

function partsOf(node: HclNode): string[] {
  return (node.children ?? []).filter((child) => !isText(child)).map(hclShape);
}

function isText(node: HclNode): boolean {
  return node.type === "literalValue" && (node.meta as Meta).type === "string";
}
