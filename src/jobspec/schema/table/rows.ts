/** What the table of the job spec is made of, and short ways to write its rows. */

/** How a value is written and converted. Durations are Go's ("1m30s") or a number of nanoseconds. */
export type ValueType =
  | "text"
  | "integer"
  | "number"
  | "bool"
  | "duration"
  | "texts"
  | "text map"
  /** Keys with a list of texts each. */
  | "texts map"
  /** Passed on as it is, for someone else to understand. */
  | "opaque map";

/** As in JSON; a duration's default is written as in a file. */
export type Plain =
  | null
  | string
  | number
  | boolean
  | readonly Plain[]
  | {
      readonly [key: string]: Plain;
    };

export interface Ignored {
  readonly state: "ignored";
  /** Not yet, or never, since it means nothing where Remora runs. */
  readonly until: "yet" | "here";
  /** What happens instead, or why. */
  readonly sentence: string;
}

export interface Refused {
  readonly state: "refused";
  /** Whole sentences without a full stop: what is wrong, and what to do. */
  readonly summary: string;
  readonly detail: string;
}

/** Absent: honoured; inside a block that is ignored: ignored with it. */
export type Support = Ignored | Refused;

/** Values that are treated unlike the rest of their field. */
export interface ValueSupport {
  readonly matches: RegExp;
  /** One that matches, for the docs and the tests. */
  readonly example: string;
  readonly support: Support;
}

export interface Field {
  readonly kind: "field";
  /** In HCL, YAML and JSON. */
  readonly name: string;
  /** In Nomad's API JSON. */
  readonly api: string;
  readonly type: ValueType;
  readonly doc: string;
  /** What Nomad fills in; null, also when absent, where it leaves the field empty. */
  readonly default?: Plain;
  /** All values there are, but for those of `values`. */
  readonly choices?: readonly string[];
  /** Their letters can be of either case. */
  readonly anyCase?: boolean;
  /** The least and the greatest number that can be written. */
  readonly bounds?: readonly [number, number];
  readonly required?: boolean;
  /** A value that Nomad fills in from elsewhere, and that needs no warning in what a program wrote. */
  readonly filledIn?: Plain;
  /** Whether null can be written for "not given"; without this: not for durations and where Nomad's default is nothing. */
  readonly nullable?: boolean;
  /** A map that Nomad's driver takes a list of, too. */
  readonly listed?: boolean;
  /** A map that HCL writes as a block only. */
  readonly asBlock?: boolean;
  readonly values?: readonly ValueSupport[];
  /** Printed only where it is written. */
  readonly omitted?: boolean;
  readonly support?: Support;
  /** Has a warning only beside such a value of another field, or without one: others have their own, or are in error. */
  readonly warnedBeside?: { readonly field: string; readonly matches: RegExp };
}

export interface Inner {
  readonly kind: "block";
  readonly name: string;
  readonly api: string;
  readonly doc: string;
  readonly table: BlockTable;
  /** The field of the API JSON that holds the label; absent where the block has none. */
  readonly label?: string;
  /** Single or many; `map`: an object by label in the API JSON, where `list` is a list. */
  readonly form: "single" | "list" | "map";
  /** All labels there are. */
  readonly labels?: readonly string[];
  /** One block that the API JSON holds in a list. */
  readonly listed?: boolean;
  /** Can also be written as an argument (the driver's config). */
  readonly either?: boolean;
  /** Nomad fills it in where it is not written. */
  readonly filled?: boolean;
  /** What is not written in it stays empty, so that the defaults of what it changes hold. */
  readonly sparse?: boolean;
  /** Printed only where it is written. */
  readonly omitted?: boolean;
  readonly support?: Support;
}

/** What the API JSON has and files do not; accepted quietly, and printed with this value. */
export interface ApiOnly {
  readonly kind: "api";
  readonly api: string;
  readonly value: Plain;
}

export type NamedRow = Field | Inner;
export type Row = NamedRow | ApiOnly;

export interface BlockTable {
  /** Where it stands, such as `job.group.task`. */
  readonly path: string;
  /** How an error names it. */
  readonly name: string;
  /** In the order of the API JSON. */
  readonly rows: readonly Row[];
  /** Printed in the API JSON as it is written, without defaults (the driver's config). */
  readonly verbatim?: boolean;
}

type FieldOptions = Partial<Omit<Field, "kind" | "name" | "type" | "doc">>;
type InnerOptions = Partial<Omit<Inner, "kind" | "name" | "doc" | "table">>;

export function field(name: string, type: ValueType, doc: string, options: FieldOptions = {}): Field {
  return { kind: "field", name, api: apiName(name), type, doc, ...options };
}

export function inner(name: string, table: BlockTable, doc: string, options: InnerOptions = {}): Inner {
  return { kind: "block", name, api: apiName(name), table, doc, form: "single", ...options };
}

export function apiOnly(api: string, value: Plain = null): ApiOnly {
  return { kind: "api", api, value };
}

/** Nomad reads it and Remora will. */
export function later(sentence: string): Ignored {
  return { state: "ignored", until: "yet", sentence };
}

/** Nomad reads it, and it means nothing to Remora. */
export function moot(sentence: string): Ignored {
  return { state: "ignored", until: "here", sentence };
}

export function refused(summary: string, detail: string): Refused {
  return { state: "refused", summary, detail };
}

/** A field or block that Nomad 1.3 does not have. */
export function newer(name: string, where: string, api = apiName(name)): Inner {
  const support = refused(
    `"${name}" in ${where} is newer than Nomad 1.3, whose job files are read here`,
    "Take it out; nothing in its place does the same",
  );
  const table = { path: "", name: `a ${name} block`, rows: [] };
  return {
    kind: "block",
    name,
    api,
    table,
    doc: "Newer than Nomad 1.3",
    form: "single",
    either: true,
    omitted: true,
    support,
  };
}

/** kill_timeout → KillTimeout. */
function apiName(name: string): string {
  return name
    .split("_")
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

export function isNamed(row: Row): row is NamedRow {
  return row.kind !== "api";
}
