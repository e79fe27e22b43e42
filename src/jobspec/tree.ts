/** The tree that HCL, YAML and JSON files all become: bodies of arguments and blocks, and values, each with its place. */
import type { Range } from "./source.ts";

export type Value = (
  | { readonly kind: "string"; readonly value: string }
  | NumberValue
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "null" }
  | ListValue
  | ObjectValue
) &
  Placed;

interface Placed {
  readonly range: Range;
  /** It comes from a sensitive variable, and so do all its parts: no message may show it. */
  readonly sensitive?: true;
}

export interface NumberValue extends Placed {
  readonly kind: "number";
  readonly value: number;
  /**
   * What a string gets that is filled with it: all digits where `value` cannot hold them; in YAML as it was written, because
   * `1.10` is a text for whoever wrote it.
   */
  readonly text?: string;
}

export interface ListValue extends Placed {
  readonly kind: "list";
  readonly items: readonly Value[];
  /** A list or a set, whose items are of one type; absent for a tuple, which is what brackets make. */
  readonly collection?: { readonly kind: "list" | "set"; readonly element: Type };
}

export interface ObjectValue extends Placed {
  readonly kind: "object";
  readonly entries: readonly Entry[];
  /** The type that all values of a map have; absent for an object, which is what braces make. */
  readonly element?: Type;
  /** An entry was left out because it could not be evaluated. */
  readonly incomplete?: true;
}

/** The types of HCL's values (cty's); `any` stands for one that is not known, or not restricted. */
export type Type =
  | { readonly kind: "any" | "string" | "number" | "bool" }
  | { readonly kind: "list" | "set" | "map"; readonly element: Type }
  | { readonly kind: "tuple"; readonly items: readonly Type[] }
  | { readonly kind: "object"; readonly attributes: ReadonlyMap<string, Type> };

export interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Value;
  /** The key itself comes from a sensitive variable. */
  readonly sensitiveKey?: true;
}

/** HCL says which of its items are arguments and which are blocks; in an object only the reader's schema can tell. */
export type Body = NativeBody | ObjectBody;

export interface NativeBody {
  readonly kind: "native";
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  /** An argument was left out because it could not be evaluated. */
  readonly incomplete: boolean;
}

/** Stands in for a block that is not there. */
export const EMPTY_BODY: NativeBody = { kind: "native", attributes: [], blocks: [], incomplete: false };

export interface ObjectBody {
  readonly kind: "object";
  readonly object: ObjectValue;
  /** A program writes every default into its files; absent: a person did. */
  readonly author?: "program";
}

export interface Attribute {
  readonly name: string;
  readonly nameRange: Range;
  readonly value: Value;
}

export interface Block {
  readonly type: string;
  /** The type and the labels: where to point when the block as a whole is wrong. */
  readonly range: Range;
  readonly labels: readonly Label[];
  readonly body: Body;
}

export interface Label {
  readonly text: string;
  readonly range: Range;
  /** It has an error already; the text is only what stands there. */
  readonly faulty?: true;
}
