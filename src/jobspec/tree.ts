/** The tree that HCL, YAML and JSON files all become: bodies of arguments and blocks, and values, each with its place. */
import type { Range } from "./source.ts";

export type Value =
  | { readonly kind: "string"; readonly value: string; readonly range: Range }
  | NumberValue
  | { readonly kind: "bool"; readonly value: boolean; readonly range: Range }
  | { readonly kind: "null"; readonly range: Range }
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly range: Range }
  | ObjectValue;

export interface NumberValue {
  readonly kind: "number";
  readonly value: number;
  /** What a string gets that is filled with it: in YAML `1.10` is a text for whoever wrote it. */
  readonly text?: string;
  readonly range: Range;
}

export interface ObjectValue {
  readonly kind: "object";
  readonly entries: readonly Entry[];
  readonly range: Range;
}

export interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Value;
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
}
