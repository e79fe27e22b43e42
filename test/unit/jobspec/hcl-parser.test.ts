/** The syntax trees of HCL: shapes that the oracle cannot show, and the source range of every node. */
import { describe, expect, test } from "vitest";
import type { Expression } from "../../../src/jobspec/hcl/ast.ts";
import { expressionOf, first, parsed } from "./support.ts";

/** The tree with parentheses around everything that was taken together. */
function shape(node: Expression): string {
  switch (node.kind) {
    case "binary":
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case "unary":
      return `(${node.operator}${shape(node.operand)})`;
    case "conditional":
      return `(${shape(node.condition)} ? ${shape(node.whenTrue)} : ${shape(node.whenFalse)})`;
    case "parentheses":
      return shape(node.inner);
    case "number":
      return node.text;
    case "variable":
      return node.name;
    case "access":
      return `<${shape(node.base)} ${node.steps.map((step) => step.kind).join(" ")}>`;
    default:
      return node.kind;
  }
}

const SHAPES: readonly (readonly [string, string])[] = [
  ["a || b && c == d < e + f * -g", "(a || (b && (c == (d < (e + (f * (-g)))))))"],
  ["a * b + c < d == e && f || g", "((((((a * b) + c) < d) == e) && f) || g)"],
  ["a - b - c", "((a - b) - c)"],
  ["a / b % c * d", "(((a / b) % c) * d)"],
  ["a == b != c", "((a == b) != c)"],
  ["a < b > c", "((a < b) > c)"],
  ["a ? b : c ? d : e", "(a ? b : (c ? d : e))"],
  ["a ? b ? c : d : e", "(a ? (b ? c : d) : e)"],
  ["-a.b", "(-<a attribute>)"],
  ["!!a", "(!(!a))"],
  ["!a == b", "((!a) == b)"],
  ["a.b[0].c", "<a attribute index attribute>"],
  ["a.*.b[0]", "<a splat index>"],
  ["a[*].b[0]", "<a splat>"],
  ["a.0", "<a index>"],
];

test.each(SHAPES)("%j groups as %s", (text, expected) => {
  expect(shape(expressionOf(text))).toBe(expected);
});

const TEXT = `job "a" {
  x = 1 + b.c[0]
  y = "é\${z}" # comment
}
`;

describe("ranges", () => {
  const block = first(parsed(TEXT).blocks);
  const [x, y] = block.body.attributes;
  const slice = ({ start, end }: { start: number; end: number }) => TEXT.slice(start, end);

  test("of a block cover its type and labels", () => {
    expect(slice(block.range)).toBe('job "a"');
    expect(block.labels.map(({ text, range }) => [text, slice(range)])).toEqual([["a", '"a"']]);
  });

  test("of expressions cover what was written, without comments and spaces", () => {
    expect(slice(x?.nameRange ?? block.range)).toBe("x");
    expect(slice(x?.expression.range ?? block.range)).toBe("1 + b.c[0]");
    expect(slice(y?.expression.range ?? block.range)).toBe('"é${z}"');
  });

  test("of operands, steps and template parts lie inside", () => {
    const sum = x?.expression;
    const template = y?.expression;
    if (sum?.kind !== "binary" || sum.right.kind !== "access") throw new Error("x is a sum of 1 and b.c[0]");
    if (template?.kind !== "template") throw new Error("y is a template");
    expect([sum.left.range, sum.right.range, sum.right.base.range].map(slice)).toEqual(["1", "b.c[0]", "b"]);
    expect(sum.right.steps.map((step) => slice(step.range))).toEqual([".c", "[0]"]);
    expect(template.parts.map((part) => slice(part.range))).toEqual(["é", "${z}"]);
  });
});

test("line ends separate arguments, but not inside parentheses, brackets, calls and interpolations", () => {
  const { attributes } = parsed('a = (\n1\n)\nb = [\n1\n,\n2\n]\nc = f(\n1\n)\nd = "${\n1\n}"\ne = x[\n0\n]\n');
  expect(attributes.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
});

test("a byte order mark at the start is skipped", () => {
  expect(parsed("\uFEFFa = 1").attributes).toHaveLength(1);
});

test("all three kinds of comments are skipped", () => {
  expect(parsed("# one\n// two\n/* three\n\n*/ a = /* four */ 1 // five").attributes).toHaveLength(1);
});
