/**
 * Random jobs, written as HCL, YAML, JSON and Nomad's API JSON: it is the same job however it is written. `REMORA_FUZZ_SECONDS` is the time (4),
 * `REMORA_FUZZ_FROM` the first seed (1). `SEED` plays that one alone.
 */
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { canonicalJob } from "../../src/jobspec/canonical/job.ts";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import type { Job } from "../../src/model/job.ts";
import { Chance } from "../sim/random.ts";
import { chooseRows, toldChoices, treeOf, type Choice } from "./jobs.ts";
import { printHcl } from "./print-hcl.ts";

const SECONDS = Number(process.env["REMORA_FUZZ_SECONDS"] ?? 4);
const FROM = Number(process.env["REMORA_FUZZ_FROM"] ?? 1);
const ONLY = process.env["SEED"];

/** What a file says, without its places. */
function reading(file: string, text: string) {
  const { job, diagnostics } = parseJobFile(file, text);
  return { job, said: diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`).toSorted() };
}

function differs(choices: readonly Choice[]): string | undefined {
  const tree = treeOf(choices);
  const hcl = reading("job.hcl", printHcl(tree));
  const others = { YAML: reading("job.yaml", stringify(tree)), JSON: reading("job.json", JSON.stringify(tree)) };
  for (const [name, other] of Object.entries(others)) {
    const [one, two] = [JSON.stringify(hcl), JSON.stringify(other)];
    if (one !== two) return `as HCL:  ${one}\nas ${name}: ${two}`;
  }
  return apiDiffers(printHcl(tree));
}

/** The canonical job, read again, is the same job, and its canonical job is itself. */
function apiDiffers(text: string): string | undefined {
  const [first, api] = throughApi("job.hcl", text);
  if (api === undefined) return undefined;
  const [second, again] = throughApi("job.json", api);
  if (!isDeepStrictEqual(second, first))
    return `as HCL:  ${JSON.stringify(first)}\nas API JSON: ${JSON.stringify(second)}`;
  return again === api ? undefined : `API JSON: ${api}\nread again: ${again}`;
}

function throughApi(file: string, text: string): readonly [Job | undefined, string | undefined] {
  const { job, checked } = parseJobFile(file, text);
  return [job, checked && JSON.stringify({ Job: canonicalJob(checked) })];
}

/** As few rows as still differ. */
function fewest(choices: readonly Choice[]): readonly Choice[] {
  const fewer = choices.map((_, index) => choices.toSpliced(index, 1)).find((less) => differs(less) !== undefined);
  return fewer === undefined ? choices : fewest(fewer);
}

function playSeed(seed: number): boolean {
  const choices = chooseRows(new Chance(seed));
  if (differs(choices) === undefined) return reading("job.hcl", printHcl(treeOf(choices))).job !== undefined;
  const few = fewest(choices);
  throw new Error(`seed ${seed}:\n  ${toldChoices(few)}\n${differs(few)}\nReplay it with: make fuzz SEED=${seed}`);
}

test("a job is the same job in HCL, YAML, JSON and Nomad's API JSON", { timeout: (SECONDS + 60) * 1000 }, () => {
  if (ONLY !== undefined) return void playSeed(Number(ONLY));
  const end = performance.now() + SECONDS * 1000;
  let [seed, accepted] = [FROM, 0];
  for (; performance.now() < end; seed++) if (playSeed(seed)) accepted++;
  process.stdout.write(
    `jobs of the seeds ${FROM} to ${seed - 1} are the same in every form, ${accepted} of them right\n`,
  );
  expect(accepted).toBeGreaterThan((seed - FROM) / 10);
});
