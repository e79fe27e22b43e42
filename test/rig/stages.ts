/** `make test`: one stage after the other over one rig, with what each of them took. */
import { spawn } from "node:child_process";
import { root } from "./paths.ts";
import { setupRig } from "./rig.ts";
import { print } from "./say.ts";

interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly passed: boolean;
}

/** Runs make targets until one fails; resolves with whether all passed. The rig is closed in any case. */
export async function stages(names: readonly string[]): Promise<boolean> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const { close } = await setupRig();
  const done: Stage[] = [];
  try {
    for (const name of names) {
      print(`\n── ${name}`);
      done.push(await stage(name, interruption.signal));
      if (done.at(-1)?.passed !== true) break;
    }
  } finally {
    await close();
  }
  print(`\n${done.map(line).join("\n")}\n`);
  return done.every(({ passed }) => passed);
}

function line({ name, seconds, passed }: Stage): string {
  return `${name.padEnd(10)} ${seconds.toFixed(1).padStart(7)} s  ${passed ? "passed" : "FAILED"}`;
}

/** An interruption ends the stage, and its end is waited for, so that the rig is closed after it. */
async function stage(name: string, interruption: AbortSignal): Promise<Stage> {
  const began = performance.now();
  const child = spawn("make", ["--no-print-directory", name], { cwd: root, stdio: "inherit" });
  const end = (): void => void child.kill("SIGTERM");
  interruption.addEventListener("abort", end);
  if (interruption.aborted) end();
  const code = await new Promise((done) => child.once("exit", (exit) => done(exit)));
  interruption.removeEventListener("abort", end);
  return { name, seconds: (performance.now() - began) / 1000, passed: code === 0 };
}
