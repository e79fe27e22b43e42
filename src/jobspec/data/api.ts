/** Nomad's API JSON (`{"Job": {…}}`) into the tree that files become: the table of the job spec, read backwards. */
import { withoutInjected } from "../admission/retract.ts";
import { Budget, CHECKED_BLOCK_COST } from "../budget.ts";
import { kindName } from "../convert.ts";
import { SourceError } from "../problems.ts";
import type { Problems } from "../problems.ts";
import { presetOf } from "../schema/preset.ts";
import { JOB } from "../schema/table/job.ts";
import { RESCHEDULE } from "../schema/table/policies.ts";
import type { BlockTable, Inner, Row } from "../schema/table/rows.ts";
import { didYouMean } from "../suggest.ts";
import type { Entry, ObjectValue, Value } from "../tree.ts";

/** What else a request to register a job holds; it concerns Nomad's servers. */
const REQUEST: ReadonlySet<string> = new Set([
  "EnforceIndex",
  "EvalPriority",
  "Format",
  "JobModifyIndex",
  "Namespace",
  "PolicyOverride",
  "PreserveCounts",
  "Region",
  "SecretID",
  "Source",
  "Submission",
]);

export function isApi({ entries }: ObjectValue): boolean {
  return entries.some(({ key }) => key === "Job");
}

/** Throws SourceError where there is no job, and LimitError where there is more than any job needs; other problems are told of. */
export function fromApi(file: ObjectValue, problems: Problems): ObjectValue {
  const reader = new ApiReader(problems);
  for (const { key, keyRange } of file.entries) {
    if (key !== "Job" && !REQUEST.has(key)) problems.add(keyRange, `There is no "${key}" beside "Job" in Nomad's API`);
  }
  const entry = file.entries.find(({ key }) => key === "Job");
  const { value } = entry ?? {};
  if (value?.kind !== "object") {
    throw new SourceError(
      entry?.keyRange ?? file.range,
      `"Job" needs a map, not ${value ? kindName(value) : "nothing"}`,
    );
  }
  return { ...file, entries: reader.job(withoutInjected(value)) };
}

class ApiReader {
  readonly #problems: Problems;
  readonly #budget = new Budget();

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  job(job: ObjectValue): Entry[] {
    const id = job.entries.find(({ key }) => key === "ID");
    if (id?.value.kind !== "string") throw new SourceError(job.range, 'A job needs an "ID", a string');
    const label: Entry = { key: id.value.value, keyRange: id.value.range, value: this.#body(JOB.table, job, "ID") };
    return [{ key: "job", keyRange: id.value.range, value: { ...job, entries: [label] } }];
  }

  #body(table: BlockTable, object: ObjectValue, label?: string): ObjectValue {
    this.#budget.spend(CHECKED_BLOCK_COST, object.range);
    if (table.verbatim === true) return object;
    const entries = object.entries.flatMap((entry) => {
      if (entry.key === label || entry.value.kind === "null" || isLeftToCores(table, object, entry)) return [];
      return this.#entry(table, entry);
    });
    return { ...object, entries };
  }

  #entry(table: BlockTable, entry: Entry): Entry[] {
    const row = rowOf(table, entry.key);
    if (row === undefined) return this.#unknown(table, entry);
    if (row.kind === "api" || isZero(table, row, entry.value)) return [];
    const isWhole = row.kind === "field" || row.support?.state === "refused";
    return [{ ...entry, key: row.name, value: isWhole ? entry.value : this.#blocks(row, entry.value) }];
  }

  #unknown(table: BlockTable, { key, keyRange }: Entry): Entry[] {
    const names = table.rows.map(({ api }) => api).filter((api) => api !== "");
    const detail = didYouMean(key, names) ?? `Known here: ${names.toSorted().join(", ")}`;
    this.#problems.add(keyRange, `There is no "${key}" in Nomad's API for ${table.name}`, detail);
    return [];
  }

  /** What is not a list or map where one belongs stays as it is, for the table to refuse. */
  #blocks(row: Inner, value: Value): Value {
    if (value.kind === "list") return { ...value, items: value.items.map((item) => this.#item(row, item)) };
    if (value.kind !== "object") return value;
    if (row.form !== "map") return this.#body(row.table, value);
    const entries = value.entries.map((entry) => ({ ...entry, value: this.#inner(row, entry.value) }));
    return { ...value, entries };
  }

  #inner(row: Inner, value: Value): Value {
    return value.kind === "object" ? this.#body(row.table, value, row.label) : value;
  }

  /** Of a list: the label is a field of the item. */
  #item(row: Inner, item: Value): Value {
    if (item.kind !== "object" || row.label === undefined) return this.#inner(row, item);
    const label = item.entries.find(({ key }) => key === row.label);
    const [key, keyRange] =
      label?.value.kind === "string" ? [labelText(row, label.value.value), label.value.range] : ["", item.range];
    return { ...item, entries: [{ key, keyRange, value: this.#inner(row, item) }] };
  }
}

function rowOf({ rows }: BlockTable, api: string): Row | undefined {
  return rows.find((row) => row.api === api);
}

/** Go writes nothing as an empty text, 0 or false; but a reschedule policy sets its job's back with these. */
function isZero(table: BlockTable, row: Row, value: Value): boolean {
  if (row.kind !== "field" || table === RESCHEDULE.table) return false;
  if (value.kind !== "string" && value.kind !== "number" && value.kind !== "bool") return false;
  const isNothing = value.value === "" || value.value === 0 || value.value === false;
  return isNothing && (presetOf(row) === value.value || value.value === "");
}

/** Nomad writes no MHz where cores are asked for. */
function isLeftToCores({ path }: BlockTable, object: ObjectValue, { key, value }: Entry): boolean {
  if (!path.endsWith(".resources") || key !== "CPU" || value.kind !== "number" || value.value !== 0) return false;
  return object.entries.some(
    (other) => other.key === "Cores" && other.value.kind === "number" && other.value.value > 0,
  );
}

/** A task's scaling policy is called after its resource in files, and after its type in the API. */
function labelText({ table }: Inner, text: string): string {
  return table.path === "job.group.task.scaling" ? text.replace(/^vertical_/, "") : text;
}
