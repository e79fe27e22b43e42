/** `make bench`: the quick profile, on the rig. Ratios in one run; nothing is asserted. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rigDir } from "../rig/paths.ts";
import { print, reason, say } from "../rig/say.ts";
import { setupRig } from "../rig/rig.ts";
import type { Rig } from "../rig/rig.ts";
import { openBenchWorld } from "./bench-world.ts";
import { coldStarts } from "./cold-start.ts";
import { growth } from "./growth.ts";
import { hostile } from "./hostile.ts";
import { idleMinute } from "./idle.ts";
import { loadNow, machine } from "./machine.ts";
import { parsing } from "./parsing.ts";
import { repairs } from "./repair.ts";
import * as report from "./report.ts";

const ROUNDS = 5;
const IDLE_SECONDS = 60;
const SIZES = [100, 300, 1_000, 3_000];

async function bench(rig: Rig): Promise<void> {
  const world = await openBenchWorld(rig);
  try {
    const where = await machine(world.docker, rig.consul.version);
    say("reading job files, honest and hostile ones");
    const files = { parsing: await parsing(), hostile: await hostile() };
    say("Remora's own work, alone");
    const own = { growth: await growth(SIZES), ...files };
    await world.agent.start();
    say(`cold start of countdash, ${ROUNDS} rounds of three after a warm-up`);
    const cold = await coldStarts(world, ROUNDS);
    say(`drift and death, ${ROUNDS} rounds of two after a warm-up, three times`);
    const mended = await repairs(world, ROUNDS);
    say("an idle minute");
    const idle = await idleMinute(world, IDLE_SECONDS);
    const texts = [
      report.machineText(where, loadNow()),
      report.ratiosText(cold, mended),
      report.spreadText(cold, mended),
      report.phasesText(cold),
      report.sharesText(cold),
      report.callsText(cold),
      report.idleText(idle),
      report.growthText(own.growth),
      report.parsingText(own.parsing),
      report.hostileText(own.hostile),
    ];
    print(`\n${texts.join("\n\n")}\n`);
    await keep({ machine: where, cold, repairs: mended, idle, ...own });
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
