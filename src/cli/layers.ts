/** The three places an option can come from, each as a layer: what is given, and where. */
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Pair } from "yaml";
import { didYouMean } from "../jobspec/suggest.ts";
import { OPTIONS } from "./schema.ts";
import type { OptionKey } from "./schema.ts";
import { UserError } from "./user-error.ts";

export interface Given {
  readonly value: unknown;
  /** As the beginning of a message: `--workers`, `REMORA_WORKERS`, `remora.yaml:3:10: workers`. */
  readonly where: string;
}

export type Layer = ReadonlyMap<OptionKey, Given>;

/** `flags` as commander returns them: by camel-cased name. */
export function flagLayer(flags: Readonly<Record<string, unknown>>): Layer {
  const given = OPTIONS.filter(({ key, flag }) => flag !== false && flags[key] !== undefined);
  return new Map(given.map(({ key, name }) => [key, { value: flags[key], where: `--${name}` }]));
}

/** An empty variable counts as unset, as it does for Consul and Docker. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const layer = new Map<OptionKey, Given>();
  for (const { key, variables } of OPTIONS) {
    const name = variables.find((variable) => (env[variable] ?? "") !== "");
    if (name !== undefined) layer.set(key, { value: env[name], where: name });
  }
  return layer;
}

/** A YAML map whose keys are the flags' names. Throws a UserError that names every place that is wrong. */
export function fileLayer(file: string, text: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  // What follows a colon in these messages is quoted from the file, which may hold a token.
  const broken = document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.replace(/:.*$/s, "")}`);
  if (broken.length > 0) throw new UserError(broken.join("\n"));
  if (document.contents === null) return new Map();
  if (!isMap(document.contents))
    throw new UserError(`${at(0)}: must be a map of options, such as "jobs: /etc/remora/jobs"`);
  const read = document.contents.items.map((pair) => readPair(pair, at));
  const problems = read.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return new Map(read.flatMap(({ given }) => (given === undefined ? [] : [given])));
}

interface PairRead {
  readonly given?: readonly [OptionKey, Given];
  readonly problem?: string;
}

function readPair(pair: Pair, at: (offset: number) => string): PairRead {
  const key = isScalar(pair.key) ? String(pair.key.value) : "";
  const where = at(isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0);
  const known = OPTIONS.find(({ name }) => name === key);
  if (known === undefined) {
    const hint =
      didYouMean(
        key,
        OPTIONS.map(({ name }) => name),
      ) ?? "remora agent --help lists the options";
    return { problem: `${where}: there is no option "${key}". ${hint}` };
  }
  const value = isScalar(pair.value) ? pair.value.value : pair.value;
  if (value === null) return {};
  const place = isScalar(pair.value) ? at(pair.value.range?.[0] ?? 0) : where;
  return { given: [known.key, { value, where: `${place}: ${key}` }] };
}
