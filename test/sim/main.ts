/** Replays one seed with everything that happens in it: `node test/sim/main.ts SEED`. */
import { runSeed } from "./seed.ts";

const seed = Number(process.argv[2] ?? process.env["SEED"] ?? 1);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const result = await runSeed(seed, print);
print(JSON.stringify(result, undefined, 2));
process.exitCode = result.failures.length === 0 ? 0 : 1;
