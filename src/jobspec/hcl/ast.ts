/** The syntax tree of HCL: what was written, before any of it is evaluated; every node carries its source range. */
import type { Range } from "../source.ts";
import type { Label } from "../tree.ts";

export interface BodyNode {
  readonly attributes: readonly AttributeNode[];
  readonly blocks: readonly BlockNode[];
  /** Something in it could not be parsed and was left out. */
  readonly incomplete: boolean;
}

export interface AttributeNode {
  readonly name: string;
  readonly nameRange: Range;
  readonly expression: Expression;
}

export interface BlockNode {
  readonly type: string;
  /** The type and the labels. */
  readonly range: Range;
  readonly labels: readonly Label[];
  readonly body: BodyNode;
}

export type Expression =
  | NumberNode
  | { readonly kind: "bool"; readonly value: boolean; readonly range: Range }
  | { readonly kind: "null"; readonly range: Range }
  | Template
  | Variable
  | Tuple
  | ObjectNode
  | ForNode
  | { readonly kind: "parentheses"; readonly inner: Expression; readonly range: Range }
  | Unary
  | Binary
  | Conditional
  | Access
  | Call;

export interface NumberNode {
  readonly kind: "number";
  readonly text: string;
  readonly range: Range;
}

export interface Variable {
  readonly kind: "variable";
  readonly name: string;
  readonly range: Range;
}

export interface Tuple {
  readonly kind: "tuple";
  readonly items: readonly Expression[];
  readonly range: Range;
}

export interface ObjectNode {
  readonly kind: "object";
  readonly items: readonly { readonly key: Expression; readonly value: Expression }[];
  readonly range: Range;
}

export interface ForNode {
  readonly kind: "for";
  readonly keyName?: string;
  readonly valueName: string;
  readonly collection: Expression;
  /** Present when the result is an object. */
  readonly key?: Expression;
  readonly value: Expression;
  readonly condition?: Expression;
  /** `...`: values of the same key become a list. */
  readonly group: boolean;
  readonly range: Range;
}

export interface Unary {
  readonly kind: "unary";
  readonly operator: "-" | "!";
  readonly operand: Expression;
  readonly range: Range;
}

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly range: Range;
}

export interface Conditional {
  readonly kind: "conditional";
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
  readonly range: Range;
}

/** A base and what is taken out of it, step by step: `a.b[0].*.c`. */
export interface Access {
  readonly kind: "access";
  readonly base: Expression;
  readonly steps: readonly Step[];
  readonly range: Range;
}

export type Step =
  | { readonly kind: "attribute"; readonly name: string; readonly range: Range }
  | { readonly kind: "index"; readonly key: Expression; readonly range: Range }
  /** `.*` and `[*]`: `each` is taken out of every item. */
  | { readonly kind: "splat"; readonly each: readonly Step[]; readonly range: Range };

export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Expression[];
  /** `f(list...)`: the last argument is spread. */
  readonly expandLast: boolean;
  readonly range: Range;
}

export interface Template {
  readonly kind: "template";
  readonly parts: readonly TemplatePart[];
  readonly range: Range;
}

export type TemplatePart =
  | { readonly kind: "text"; readonly text: string; readonly range: Range }
  | { readonly kind: "interpolation"; readonly expression: Expression; readonly range: Range }
  | TemplateIf
  | TemplateFor;

export interface TemplateIf {
  readonly kind: "if";
  readonly condition: Expression;
  readonly whenTrue: readonly TemplatePart[];
  readonly whenFalse: readonly TemplatePart[];
  readonly range: Range;
}

export interface TemplateFor {
  readonly kind: "for";
  readonly keyName?: string;
  readonly valueName: string;
  readonly collection: Expression;
  readonly body: readonly TemplatePart[];
  readonly range: Range;
}
