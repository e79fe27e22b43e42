/** One case for every row of the table: it warns, is refused, or reaches the job, as the row says. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import type { Support } from "../../../src/jobspec/schema/table/rows.ts";
import { fileWith, pathOf, sampleOf, spots } from "./rows.ts";
import type { Spot } from "./rows.ts";

const SPOTS = spots();

/** Honoured, although the job is the same: there is only one value they can have, or they are checked and need no more. */
const WITHOUT_TRACE: readonly string[] = [
  "job.group.network.port.host_network",
  "job.group.reschedule.attempts",
  "job.group.service.check.address_mode",
  "job.group.service.connect.sidecar_task.driver",
  "job.group.service.provider",
  "job.group.task.config.ports",
  "job.group.task.driver",
];

function supportOf({ around, row }: Spot): Support | undefined {
  if (row.support?.state === "refused") return row.support;
  return around.map(({ support }) => support).find((support) => support?.state === "ignored") ?? row.support;
}

const cases = (wanted: Support["state"] | undefined) =>
  SPOTS.filter((spot) => supportOf(spot)?.state === wanted).map((spot) => [pathOf(spot), spot] as const);

function read(spot: Spot, value: Parameters<typeof fileWith>[1]) {
  return parseJobFile("job.json", fileWith(spot, value));
}

describe("a row that is ignored warns where it stands, with its sentence", () => {
  test.each(cases("ignored"))("%s", (_path, spot) => {
    const { around, row } = spot;
    const owner = around.find(({ support }) => support?.state === "ignored") ?? row;
    const { job, diagnostics } = read(spot, sampleOf(spot));
    const own = diagnostics.filter(({ summary }) => owner.name === "volume" || !summary.startsWith('"volume" '));
    expect(own).toMatchObject([
      {
        severity: "warning",
        summary: expect.stringContaining(`"${owner.name}" has no effect`),
        detail: owner.support?.state === "ignored" ? owner.support.sentence : "",
        snippet: expect.stringMatching(new RegExp(`^ *"(?:${owner.name}|x|cpu)"`)),
      },
    ]);
    expect(job).toBeDefined();
  });
});

describe("a row that is refused says so where it stands", () => {
  test.each(cases("refused"))("%s", (_path, spot) => {
    const { job, diagnostics } = read(spot, sampleOf(spot));
    const { support, name } = spot.row;
    expect(diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      {
        ...(support?.state === "refused" ? { summary: support.summary, detail: support.detail } : {}),
        snippet: expect.stringMatching(new RegExp(`^ *"${name}"`)),
      },
    ]);
    expect(job).toBeUndefined();
  });
});

describe("a row that is honoured changes the job, but for those of the list", () => {
  const fields = cases(undefined).filter(([, { row }]) => row.kind === "field");
  test.each(fields)("%s", (path, spot) => {
    const { job, diagnostics } = read(spot, sampleOf(spot));
    expect(diagnostics).toEqual([]);
    if (WITHOUT_TRACE.includes(path)) expect(job).toBeDefined();
    else expect(job).not.toEqual(read(spot, undefined).job);
  });
});

describe("a value that is treated unlike others says so where it stands", () => {
  const special = SPOTS.flatMap((spot) => {
    const values = spot.row.kind === "field" ? (spot.row.values ?? []) : [];
    return values.map((value) => [`${pathOf(spot)} = ${value.example}`, spot, value] as const);
  });
  test.each(special)("%s", (_path, spot, { example, matches, support }) => {
    const { diagnostics } = read(spot, /^\d+$/.test(example) ? Number(example) : example);
    const sentence =
      support.state === "refused"
        ? { severity: "error", summary: support.summary, detail: support.detail }
        : { severity: "warning", detail: support.sentence };
    const quiet = spot.around.some((outer) => outer.support?.state === "ignored") && support.state === "ignored";
    expect(matches.test(example)).toBe(true);
    if (!quiet) expect(diagnostics).toContainEqual(expect.objectContaining(sentence));
  });
});

describe("a value of a wrong type is refused, whether it would have an effect or not", () => {
  const fields = SPOTS.filter(({ row }) => row.kind === "field" && row.support?.state !== "refused");
  test.each(fields.map((spot) => [pathOf(spot), spot] as const))("%s", (_path, spot) => {
    const type = spot.row.kind === "field" ? spot.row.type : "";
    const wrong = type === "text" || type === "bool" ? ["x"] : true;
    const { diagnostics } = read(spot, wrong);
    expect(diagnostics.filter(({ severity }) => severity === "error")).toMatchObject([
      { summary: expect.stringContaining(`"${spot.row.name}" needs `) },
    ]);
  });
});

test("every row has a sentence for the docs, and no two of a block have one name", () => {
  for (const { row } of SPOTS) expect(row.doc).toMatch(/^\S.*[^.]$/);
  for (const { around, row } of SPOTS) {
    const names = around.at(-1)?.table.rows.filter((other) => other.kind !== "api" && other.name === row.name);
    expect(names).toHaveLength(1);
  }
});
