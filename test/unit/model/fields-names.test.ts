/** The table of costs calls fields as the job spec does, and leaves none of them out that is honoured. */
import { expect, test } from "vitest";
import { JOB as SPEC } from "../../../src/jobspec/schema/table/job.ts";
import { type BlockTable, isNamed } from "../../../src/jobspec/schema/table/rows.ts";
import { type AnyFields, untyped } from "../../../src/model/fields/field.ts";
import { JOB } from "../../../src/model/fields/job.ts";

/** Blocks hold blocks like themselves (a gateway's services): the outer ones are enough. */
const DEEPEST = 12;

function specPaths(table: BlockTable, honoured: boolean, path: readonly string[] = []): readonly string[] {
  return table.rows.filter(isNamed).flatMap((row): readonly string[] => {
    if (honoured && row.support !== undefined) return [];
    const inner = [...path, row.name];
    if (row.kind === "field") return [inner.join(" > ")];
    return path.length > DEEPEST ? [] : specPaths(row.table, honoured, inner);
  });
}

function costPaths(fields: AnyFields, path: readonly string[] = []): readonly string[] {
  return Object.values(fields).flatMap((field) => {
    const inner = [...path, field.name];
    return field.kind === "leaf" ? [inner.join(" > ")] : costPaths(field.fields, inner);
  });
}

test("each field with a cost is one of the job spec, or a label", () => {
  const known = new Set(specPaths(SPEC.table, false));
  const labels = ["group > name", "group > network > port > label", "group > task > name"];
  expect(costPaths(untyped(JOB)).filter((path) => !known.has(path))).toEqual(labels);
});

test("each field that is honoured has a cost", () => {
  /** Other ways to write what stands elsewhere in the model. */
  const shorthands = /^(?:task|reschedule|group > task > service|group > network > reserved_ports) > /;
  /** The model has no place for them: only one value is honoured, or they change nothing. */
  const fixed = [
    "group > task > config > ports",
    "group > network > port > host_network",
    "group > service > check > address_mode",
    "group > service > connect > sidecar_task > driver",
    "group > service > provider",
  ];
  const known = new Set(costPaths(untyped(JOB)));
  const missing = specPaths(SPEC.table, true).filter((path) => !known.has(path) && !shorthands.test(path));
  expect(missing.toSorted()).toEqual(fixed.toSorted());
});
