/**
 * Seeds until the time is up. `REMORA_SIM_SECONDS` is the time (60), `REMORA_SIM_FROM` the first seed (1): the same seeds
 * on every machine, as many as it manages. `SEED` plays that one alone, and prints everything that happens in it.
 */
import { expect, test } from "vitest";
import { REGRESSIONS } from "./regressions.ts";
import { type Result, runSeed } from "./seed.ts";

const SECONDS = Number(process.env["REMORA_SIM_SECONDS"] ?? 60);
const FROM = Number(process.env["REMORA_SIM_FROM"] ?? 1);
const ONLY = process.env["SEED"];
/** Every so many seeds one is played twice. */
const TWICE = 25;

const LIMIT = (SECONDS + 60) * 1000;

function expectToHold({ seed, failures }: Result): void {
  expect(failures, `seed ${seed} fails; replay it with: make sim SEED=${seed}`).toEqual([]);
}

async function replay(seed: number): Promise<void> {
  expectToHold(await runSeed(seed, (line) => void process.stdout.write(`${line}\n`)));
}

async function fillTime(): Promise<void> {
  const end = performance.now() + SECONDS * 1000;
  let seed = FROM;
  for (; performance.now() < end; seed += 1) {
    const result = await runSeed(seed);
    expectToHold(result);
    if (seed % TWICE === 0) expect((await runSeed(seed)).hash, `seed ${seed} played twice`).toBe(result.hash);
  }
  process.stdout.write(`seeds ${FROM} to ${seed - 1} hold\n`);
}

test(
  ONLY === undefined ? "whatever goes wrong, in the end everything is as the files say" : `seed ${ONLY} holds`,
  { timeout: LIMIT },
  () => (ONLY === undefined ? fillTime() : replay(Number(ONLY))),
);

test.each(REGRESSIONS)("seed $seed holds: $story", { timeout: 30_000 }, async ({ seed }) => {
  // What they told of has nothing to do with intentions, and would be told differently with them.
  expectToHold(await runSeed(seed, () => undefined, "none"));
});

test("a seed says the same thing twice, and another seed another", async () => {
  const [first, again, other] = [await runSeed(FROM), await runSeed(FROM), await runSeed(FROM + 1)];
  expect(again).toEqual(first);
  expect(other.hash).not.toBe(first.hash);
});
