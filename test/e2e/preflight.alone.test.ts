/** A host on which containers reach each other past the mesh is told of. Beside no other test: it is a setting of the whole host. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { rig } from "../rig/vitest.ts";
import { readiness, untilReady } from "./support/readiness.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

const SWITCH = "/proc/sys/net/bridge/bridge-nf-call-iptables";

describe.runIf(rig().ownEngine)("bridged traffic that is not filtered", () => {
  let world: World;
  let before = "";

  beforeAll(async () => {
    before = await readFile(SWITCH, "utf8");
    world = await openWorld();
    await world.agent.start();
    await untilReady(world.agent);
  });
  afterAll(async () => {
    await writeFile(SWITCH, before);
    await world.close();
  });

  test("is found by an agent that starts, told with its mend, and well again once it is mended", async () => {
    await world.agent.stop();
    await writeFile(SWITCH, "0");
    await world.agent.start();
    const mend = "set sysctl net.bridge.bridge-nf-call-iptables=1";
    const isTold = async (): Promise<boolean> => (await readiness(world.agent)).includes(mend);
    await until(isTold, { what: "readyz to name the setting", timeoutMs: 30_000 });
    expect(await world.agent.metric("remora_condition", 'name="isolation"')).toBe(0);
    expect(await world.agent.metric("remora_condition", 'name="reachability"')).toBe(1);
    await writeFile(SWITCH, before);
    await untilReady(world.agent);
  });
});
