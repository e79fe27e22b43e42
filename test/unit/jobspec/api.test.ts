/** Nomad's API JSON, in and out: what is written as a file and what its API JSON says is the same job. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { canonicalJob } from "../../../src/jobspec/canonical/job.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { fileWith, pathOf, sampleOf, spots } from "./rows.ts";
import { errorsOf, summariesOf, warningsOf } from "./support.ts";

const CORPUS = new URL("corpus/", import.meta.url);
const FILES = readdirSync(CORPUS).filter((name) => name.endsWith(".hcl"));

/** The API JSON of a file that must be right. */
function apiOf(text: string, file: string): unknown {
  const { checked, diagnostics } = parseJobFile(file, text);
  if (checked === undefined) throw new Error(JSON.stringify(diagnostics));
  return { Job: canonicalJob(checked) };
}

describe("the canonical job of a file", () => {
  test.each(FILES)("of %s is its golden one", async (name) => {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    const golden = `${JSON.stringify(apiOf(text, name), undefined, 4)}\n`;
    await expect(golden).toMatchFileSnapshot(`corpus/${name.replace(/\.hcl$/, ".golden")}`);
  });

  test.each(FILES)("of %s, read again, is the same job and says the same", (name) => {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    const api = apiOf(text, name);
    const again = parseJobFile("job.json", JSON.stringify(api));
    expect(again.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(again.job).toEqual(parseJobFile(name, text).job);
    expect(apiOf(JSON.stringify(api), "job.json")).toEqual(api);
    const named = (warnings: readonly string[]) => warnings.map((warning) => /^\S+/.exec(warning)?.[0]);
    expect(named(warningsOf(text, name))).toEqual(
      expect.arrayContaining(named(warningsOf(JSON.stringify(api), "job.json"))),
    );
  });
});

describe("a row of the table, through the API JSON and back, is the same job", () => {
  const rows = spots().filter(({ around, row }) => {
    return [...around, row].every(({ support }) => support?.state !== "refused") && row.api !== "";
  });
  test.each(rows.map((spot) => [pathOf(spot), spot] as const))("%s", (_path, spot) => {
    const text = fileWith(spot, sampleOf(spot));
    const api = JSON.stringify(apiOf(text, "job.json"));
    const [first, second] = [parseJobFile("job.json", text), parseJobFile("job.json", api)];
    expect(second.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(second.job).toEqual(first.job);
    expect(JSON.stringify(apiOf(api, "job.json"))).toBe(api);
  });
});

describe("what a program writes", () => {
  const job = (inside: string) =>
    `{"Job": {"ID": "j", "Datacenters": ["dc1"], ${inside} "TaskGroups": [{"Name": "g", "Tasks": [` +
    '{"Name": "t", "Driver": "docker", "Config": {"image": "i", "args": ["${NOMAD_ALLOC_ID}", "%{ if"]}}]}]}}';

  test("is read with its texts as they are", () => {
    const { job: read } = parseJobFile("job.json", job(""));
    expect(read?.groups[0]?.tasks[0]?.config.args).toEqual(["${NOMAD_ALLOC_ID}", "%{ if"]);
  });

  test("is not warned of where it is what Nomad fills in, and is where it is not", () => {
    const update = (parallel: number) => job(`"Update": {"MaxParallel": ${parallel}, "Stagger": 30000000000},`);
    expect(errorsOf(update(1), "job.json")).toBe("");
    expect(errorsOf(update(2), "job.json")).toContain(
      'job.json:1:45: warning: "update" has no effect yet in a job block',
    );
  });

  test("may leave the name of a service with a sidecar to its reader", () => {
    const service = '{"Connect": {"SidecarService": {}}, "Name": "", "PortLabel": "9001"}';
    const group = `"Name": "g", "Networks": [{"Mode": "bridge"}], "Services": [${service}],`;
    const { job: read, diagnostics } = parseJobFile("job.json", job("").replace('"Name": "g",', group));
    expect(diagnostics).toEqual([]);
    expect(read?.groups[0]).toMatchObject({ services: [{ name: "j-g" }], tasks: [{ name: "t" }] });
  });

  test("may hold what Nomad's servers add, and nulls", () => {
    expect(errorsOf(job('"Status": "running", "Version": 7, "ModifyIndex": 12, "Periodic": null,'), "job.json")).toBe(
      "",
    );
  });

  test("cannot hold what the API has not, wherever it stands", () => {
    expect(summariesOf(job('"Datacentres": ["x"],'), "job.json")).toEqual([
      'There is no "Datacentres" in Nomad\'s API for a job block',
    ]);
    expect(errorsOf(job('"Prioritty": 5,'), "job.json")).toContain('Did you mean "Priority"?');
    expect(summariesOf('{"Job": []}', "job.json")).toEqual(['"Job" needs a map, not a list']);
    expect(summariesOf('{"Job": {"Name": "x"}}', "job.json")).toEqual(['A job needs an "ID", a string']);
    expect(summariesOf(`{"Jub": 1, ${job("").slice(1)}`, "job.json")).toEqual([
      'There is no "Jub" beside "Job" in Nomad\'s API',
    ]);
  });

  test("is refused where files are refused", () => {
    expect(summariesOf(job('"Type": "batch",'), "job.json")).toEqual(["A batch job cannot be run"]);
    expect(summariesOf(job('"Periodic": {"Enabled": true},'), "job.json")).toEqual(["A periodic job cannot be run"]);
  });
});
