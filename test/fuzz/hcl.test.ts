/**
 * The HCL parser and HCL itself, on seeded texts. `REMORA_FUZZ_SECONDS` is the time (12), `REMORA_FUZZ_CASES` how many are
 * enough (no limit), `REMORA_FUZZ_FROM` the first seed (1): the same texts on every machine. `SEED` plays that one alone.
 */
import { expect, test } from "vitest";
import { FILES } from "./corpus.ts";
import { oracleVerdict } from "./oracle.ts";
import { ourVerdict } from "./ours.ts";
import { play, playSeed } from "./run.ts";
import { shrink } from "./shrink.ts";

const CASES = Number(process.env["REMORA_FUZZ_CASES"] ?? Infinity);
const SECONDS = Number(process.env["REMORA_FUZZ_SECONDS"] ?? 12);
const FROM = Number(process.env["REMORA_FUZZ_FROM"] ?? 1);
const ONLY = process.env["SEED"];

test(
  ONLY === undefined ? "both accept and refuse the same texts, for the same values, shapes and lines" : `seed ${ONLY}`,
  { timeout: (SECONDS + 120) * 1000 },
  async () => {
    if (ONLY !== undefined) return playSeed(Number(ONLY));
    const played = await play(
      { from: FROM, seconds: SECONDS, cases: CASES },
      (line) => void process.stdout.write(`${line}\n`),
    );
    expect(played).toBeGreaterThan(0);
  },
);

test("what is mutated is right before it is mutated", async () => {
  for (const text of FILES) {
    expect(ourVerdict(text)).toEqual({ accepted: true });
    expect(await oracleVerdict(text)).toEqual({ accepted: true });
  }
});

test("a failing text is told as short as it can be", async () => {
  expect(await shrink("one, two and three", async (text) => text.includes("t") && text.includes("w"))).toBe("tw");
});
