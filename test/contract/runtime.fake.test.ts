/** The runtime's contract on the fake engine that simulations run on. */
import { systemClock } from "../../src/adapters/system.ts";
import { FakeDocker } from "../sim/fakes/docker/fake-docker.ts";
import { fakeRuntime } from "../sim/fakes/docker/fake-runtime.ts";
import type { FakeProcess } from "../sim/fakes/docker/program.ts";
import { runtimeContract } from "./runtime.contract.ts";
import { COMMAND } from "./runtime.harness.ts";

const IMAGE = "busybox:stable";

runtimeContract(() => {
  const world = new FakeDocker(systemClock);
  world.addImage(IMAGE, { program: act });
  let port = 20_000;
  return {
    image: IMAGE,
    runtime: (instance) => fakeRuntime(world, instance),
    occupy: async (held) => {
      const release = world.occupy(held);
      return async () => release();
    },
    freePort: async () => port++,
  };
});

/** The parts of the contract's commands. */
async function act(process: FakeProcess): Promise<void> {
  const { command } = process.spec;
  const exits: Readonly<Record<string, number>> = command === COMMAND.trapping ? { USR1: 7, TERM: 8 } : {};
  process.onSignal((name) => {
    const code = exits[name];
    if (code !== undefined) process.exit(code);
  });
  // A program does not end in the moment of its start.
  if (command === COMMAND.exits3) {
    await process.sleep(1);
    process.exit(3);
  }
}
