/** The default bridge of the rig's engine: a device of its own, so that another engine's docker0 is left alone. */
import { readFileSync } from "node:fs";
import { busybox } from "./busybox.ts";
import { bridgeDevice } from "./paths.ts";
import { run } from "./shell.ts";

/** Asked of this process's own network namespace: /sys may show another one's devices. */
function isThere(): boolean {
  return readFileSync("/proc/self/net/dev", "utf8").includes(`${bridgeDevice}:`);
}

/** The engine gives it an address. */
export async function addBridge(): Promise<void> {
  if (!isThere()) await run(await busybox(), ["brctl", "addbr", bridgeDevice]);
}

export async function removeBridge(): Promise<void> {
  if (!isThere()) return;
  const program = await busybox();
  await run(program, ["ifconfig", bridgeDevice, "down"]);
  await run(program, ["brctl", "delbr", bridgeDevice]);
}
