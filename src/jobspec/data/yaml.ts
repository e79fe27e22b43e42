/** Reads YAML 1.2 into values with their places, strings as they stand there; aliases are expanded within the file's budget. */
import { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Pair, Scalar, YAMLMap } from "yaml";
import { Budget, MAX_DEPTH, tooDeep } from "../budget.ts";
import { SourceError } from "../problems.ts";
import type { Range } from "../source.ts";
import type { Entry, Value } from "../tree.ts";
import { setTwice } from "./set-twice.ts";
import { sentence, yamlError } from "./yaml-errors.ts";
import { refuseHostileYaml } from "./yaml-limits.ts";

/** In the budget's units: what it takes to make a value out of a node, compared to a character. */
const NODE_COST = 10;

/** Throws SourceError at the first thing that is wrong. */
export function parseYaml(text: string): Value {
  refuseHostileYaml(text);
  const document = composeDocument(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw yamlError(text, problem);
  return new YamlReader().value(document.contents, { start: 0, end: 0 }, 0);
}

function composeDocument(text: string) {
  try {
    return parseDocument(text, { version: "1.2", prettyErrors: false, uniqueKeys: false, stringKeys: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SourceError({ start: 0, end: 0 }, `This cannot be read as YAML: ${sentence(reason)}`);
  }
}

interface Node {
  readonly range?: readonly [number, number, number] | null | undefined;
  readonly anchor?: string;
}

class YamlReader {
  readonly #budget = new Budget();
  /** As of this point of the file: an anchor can be set anew. */
  readonly #anchors = new Map<string, unknown>();

  value(node: unknown, fallback: Range, depth: number): Value {
    const range = rangeOf(node, fallback);
    if (depth > MAX_DEPTH) throw tooDeep(range);
    this.#budget.spend(NODE_COST, range);
    if (isAlias(node)) return this.#alias(node.source, range, depth);
    if (isScalar(node) || isCollection(node)) this.#rememberAnchor(node);
    if (isScalar(node)) return this.#scalar(node, range);
    if (isSeq(node)) {
      return { kind: "list", items: node.items.map((item) => this.value(item, range, depth + 1)), range };
    }
    return isMap(node) ? this.#map(node, range, depth) : { kind: "null", range };
  }

  #rememberAnchor(node: Node): void {
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
  }

  /** As a whole it stands where the alias is; what is in it, at the anchor. */
  #alias(name: string, range: Range, depth: number): Value {
    const node = this.#anchors.get(name);
    if (node === undefined) throw new SourceError(range, `There is no anchor "${name}" before this alias`);
    return { ...this.value(node, range, depth + 1), range };
  }

  #scalar(node: Scalar, range: Range): Value {
    const { value, source } = node;
    if (typeof value === "string") {
      this.#budget.spend(value.length, range);
      return { kind: "string", value, range };
    }
    if (typeof value === "boolean") return { kind: "bool", value, range };
    if (typeof value !== "number") return { kind: "null", range };
    if (!Number.isFinite(value)) {
      throw new SourceError(
        range,
        `${source ?? "This"} is not a number that can be kept`,
        "Write it in quotes if it is a name",
      );
    }
    return { kind: "number", value, range, ...(source === undefined ? {} : { text: source }) };
  }

  #map(node: YAMLMap, range: Range, depth: number): Value {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      const entry = this.#entry(pair, range, depth);
      const first = entries.get(entry.key);
      if (first !== undefined) throw setTwice(entry, first);
      entries.set(entry.key, entry);
    }
    return { kind: "object", entries: [...entries.values()], range };
  }

  #entry(pair: Pair, range: Range, depth: number): Entry {
    const keyRange = rangeOf(pair.key, range);
    const key = isScalar(pair.key) ? keyText(pair.key) : undefined;
    if (key === undefined) throw new SourceError(keyRange, "A key must be a plain name");
    if (key === "<<" && isScalar(pair.key) && pair.key.type === "PLAIN") throw noMerge(keyRange);
    const empty = { start: keyRange.end, end: keyRange.end };
    return { key, keyRange, value: this.value(pair.value, empty, depth + 1) };
  }
}

function noMerge(range: Range): SourceError {
  const detail = "Write out what it would bring in, or use an alias for a whole value";
  return new SourceError(range, "Merge keys (<<) are not part of YAML 1.2, and are not read", detail);
}

/** Numbers and booleans serve as keys the way they are written. */
function keyText(key: Scalar): string | undefined {
  if (typeof key.value === "string") return key.value;
  return key.value === null ? undefined : key.source;
}

function rangeOf(node: unknown, fallback: Range): Range {
  if (!isAlias(node) && !isScalar(node) && !isCollection(node)) return fallback;
  const range = (node as Node).range;
  return range ? { start: range[0], end: range[1] } : fallback;
}
