/** What runs in the simulated containers: Consul's built-in proxy and the apps, with the times and moods that real ones have. */
import type { FakeProcess, Program } from "./fakes/docker/program.ts";
import type { Chance } from "./random.ts";

/** What a proxy needs of the world around it. */
export interface ProxyWorld {
  /** Consul can be reached through the relay and knows this token as that service's. */
  mayServe(service: string, token: string | undefined): boolean;
  readonly acls: boolean;
}

/** The text after a flag of a command line. */
export function flag(command: readonly string[], name: string): string | undefined {
  const at = command.indexOf(name);
  return at < 0 ? undefined : command[at + 1];
}

/** `consul connect proxy`: ends at once without its token's file, waits for Consul, then binds upstreams and its public port. */
export function consulProxy(world: ProxyWorld, chance: Chance): Program {
  return async (process) => {
    const command = process.spec.command ?? [];
    const service = flag(command, "-service") ?? "";
    await process.sleep(chance.between(5, 60));
    const token = process.read("/secrets/token");
    if (world.acls && token === undefined) return process.exit(1);
    while (!process.ended.aborted && !world.mayServe(service, token)) await process.sleep(500);
    await process.sleep(chance.between(5, 300));
    for (const [index, word] of command.entries()) {
      if (word === "-upstream") process.listen(Number(command[index + 1]?.split(":").at(-1)), "127.0.0.1");
    }
    process.listen(Number(flag(command, "-listen")?.slice(1)), "::");
  };
}

/** How an app behaves, named by the tag of its image; any other tag means well. */
const MOODS: Readonly<Record<string, (process: FakeProcess, chance: Chance) => Promise<"serve" | "gone">>> = {
  /** Does its work and ends. */
  setup: async (process, chance) => {
    await process.sleep(chance.between(10, 400));
    process.exit(0);
    return "gone";
  },
  crash: async (process, chance) => {
    await process.sleep(chance.between(1, 300));
    process.exit(1);
    return "gone";
  },
  flaky: async (process, chance) => {
    await process.sleep(chance.between(1, 300));
    if (chance.happens(0.5)) return "serve";
    process.exit(1);
    return "gone";
  },
  stubborn: async (process) => {
    process.onSignal(() => undefined);
    return "serve";
  },
  /** Ends some time after it was asked to. */
  slow: async (process, chance) => {
    process.onSignal(() => void process.sleep(chance.between(100, 1500)).then(() => process.exit(0)));
    return "serve";
  },
};

/** An app that listens on a port after a while; 0 = on none. */
export function app(port: number, mood: string, chance: Chance): Program {
  return async (process) => {
    const fate = await MOODS[mood]?.(process, chance);
    if (fate === "gone") return;
    await process.sleep(chance.between(5, 400));
    if (port > 0) process.listen(port, "::");
  };
}
