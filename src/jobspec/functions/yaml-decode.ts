/** Reads YAML out of a text in a job file, with the words and numbers of YAML 1.1 as Nomad knows them. */
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { MAX_DEPTH, tooDeep } from "../budget.ts";
import { toText } from "../convert.ts";
import { refuseHostileYaml } from "../data/yaml-limits.ts";
import { SourceError } from "../problems.ts";
import type { Value } from "../tree.ts";
import type { CallSite } from "./define.ts";
import { mapOf, tupleOf } from "./values.ts";
import { resolveYamlScalar } from "./yaml-scalars.ts";

/** In the budget's units: what it takes to make a value out of a node, compared to a character. */
const NODE_COST = 10;
/** Tags that only say what the node is anyhow. */
const OWN_TAGS: ReadonlySet<string | undefined> = new Set([
  undefined,
  "tag:yaml.org,2002:map",
  "tag:yaml.org,2002:seq",
]);

/** Throws SourceError. */
export function decodeYaml(text: string, at: CallSite): Value {
  refuseHostileYaml(text);
  const document = composed(text, at);
  const problem = document.errors[0] ?? document.warnings.find(({ code }) => code !== "TAG_RESOLVE_FAILED");
  if (problem !== undefined) throw new SourceError(at.range, firstLine(problem.message));
  if (document.directives?.yaml.version !== "1.1") throw new SourceError(at.range, "only YAML 1.1 can be read here");
  if (document.contents === null && document.directives?.docStart !== true)
    throw new SourceError(at.range, "it is empty");
  return new YamlReader(at, text).value(document.contents, 0);
}

function composed(text: string, at: CallSite) {
  try {
    return parseDocument(text, { version: "1.1", schema: "failsafe", prettyErrors: false, uniqueKeys: false });
  } catch (error) {
    throw new SourceError(at.range, firstLine(error instanceof Error ? error.message : String(error)));
  }
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").replace(/[.:]$/, "");
}

class YamlReader {
  readonly #at: CallSite;
  /** As of this point of the text; undefined while the node itself is being read. */
  readonly #anchors = new Map<string, Value | undefined>();

  /** Of the text, if that does not end with a line end. */
  readonly #length: number | undefined;

  constructor(at: CallSite, text: string) {
    this.#at = at;
    this.#length = text.endsWith("\n") ? undefined : text.length;
  }

  value(node: unknown, depth: number): Value {
    const { range, budget } = this.#at;
    if (depth > MAX_DEPTH) throw tooDeep(range);
    budget.spend(NODE_COST, range);
    if (isAlias(node)) return this.#alias(node.source);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return { kind: "null", range };
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, undefined);
    const value = isScalar(node) ? this.#scalar(node) : this.#collection(node, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, value);
    return value;
  }

  #alias(name: string): Value {
    const { range, budget } = this.#at;
    const value = this.#anchors.get(name);
    if (value === undefined) throw new SourceError(range, `it has no anchor "${name}" before an alias of that name`);
    budget.spendOnCopy(value, range);
    return value;
  }

  #scalar(node: Scalar): Value {
    const text = typeof node.value === "string" ? node.value : "";
    return resolveYamlScalar(isCutOff(node, this.#length) ? text.slice(0, -1) : text, node, this.#at);
  }

  #collection(node: YAMLMap | YAMLSeq, depth: number): Value {
    const { range } = this.#at;
    if (!OWN_TAGS.has(node.tag)) throw new SourceError(range, `it has the tag ${node.tag}, which is not known`);
    if (isMap(node)) return this.#map(node, depth);
    return tupleOf(
      node.items.map((item) => this.value(item, depth + 1)),
      range,
    );
  }

  /** Of a key that is there twice, the last counts. */
  #map(node: YAMLMap, depth: number): Value {
    const entries = new Map<string, Value>();
    for (const pair of node.items) {
      if (isMergeKey(pair)) this.#merge(entries, this.value(pair.value, depth + 1));
      else entries.set(this.#key(pair.key), this.value(pair.value, depth + 1));
    }
    return mapOf(entries, this.#at.range);
  }

  #key(key: unknown): string {
    const text = isScalar(key) ? toText(this.#scalar(key)) : undefined;
    if (text === undefined) throw new SourceError(this.#at.range, "it has a key that is not a text");
    return text;
  }

  #merge(entries: Map<string, Value>, value: Value): void {
    if (value.kind !== "object") throw new SourceError(this.#at.range, "it has a key << without a map to merge");
    for (const { key, value: item } of value.entries) entries.set(key, item);
  }
}

/** A block at the end of a text without a last line end has none either. */
function isCutOff({ type, range, value }: Scalar, length: number | undefined): boolean {
  const isBlock = type === "BLOCK_FOLDED" || type === "BLOCK_LITERAL";
  return isBlock && range?.[2] === length && typeof value === "string" && value.endsWith("\n");
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === "<<" && key.tag === undefined;
}
