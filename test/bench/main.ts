/** `make bench`: the quick profile, on the rig. Ratios in one run; nothing is asserted. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "../rig/paths.ts";
import { print, reason, say } from "../rig/say.ts";
import { setupRig } from "../rig/rig.ts";
import type { Rig } from "../rig/rig.ts";
import { openBenchWorld } from "./bench-world.ts";
import { coldStarts } from "./cold-start.ts";
import { idleMinute } from "./idle.ts";
import { loadNow, machine } from "./machine.ts";
import { repairs } from "./repair.ts";
import { callsText, idleText, machineText, phasesText, ratiosText, sharesText, spreadText } from "./report.ts";

const ROUNDS = { cold: 5, repair: 5 };
const IDLE_SECONDS = 60;

async function bench(rig: Rig): Promise<void> {
  const world = await openBenchWorld(rig);
  try {
    const where = await machine(world.docker, rig.consul.version);
    await world.agent.start();
    say(`cold start of countdash, ${ROUNDS.cold} rounds of three after a warm-up`);
    const cold = await coldStarts(world, ROUNDS.cold);
    say(`drift and death, ${ROUNDS.repair} rounds of two after a warm-up, three times`);
    const mended = await repairs(world, ROUNDS.repair);
    say(`an idle minute`);
    const idle = await idleMinute(world, IDLE_SECONDS);
    const texts = [
      machineText(where, loadNow()),
      ratiosText(cold, mended),
      spreadText(cold, mended),
      phasesText(cold),
      sharesText(cold),
      callsText(cold),
      idleText(idle),
    ];
    print(`\n${texts.join("\n\n")}\n`);
    await keep({ machine: where, cold, repairs: mended, idle });
  } finally {
    await world.close();
  }
}

/** Everything that was measured, for whoever compares. */
async function keep(results: object): Promise<void> {
  const file = join(rigDir, "bench.json");
  await mkdir(rigDir, { recursive: true });
  const plain = (_: string, value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
  await writeFile(file, `${JSON.stringify(results, plain, 2)}\n`);
  say(`all values are in ${file}`);
}

try {
  const { facts, close } = await setupRig();
  try {
    await bench(facts);
  } finally {
    await close();
  }
} catch (error) {
  print(`bench failed: ${reason(error)}`);
  process.exitCode = 1;
}
