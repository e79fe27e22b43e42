/** What runs in the simulated containers: the proxies and the apps, with the times and moods that real ones have. */
import type { ProxySpec } from "../../src/model/registration.ts";
import type { FakeProcess, Program } from "./fakes/docker/program.ts";
import type { Chance } from "./random.ts";

/** What a proxy needs of the world around it. */
export interface ProxyWorld {
  /** Consul can be reached through the relay and knows this token as that service's. */
  mayServe(service: string, token: string | undefined): boolean;
  readonly acls: boolean;
  /** What the agent knows of a proxy, which it tells by xDS. */
  proxy(id: string): ProxySpec | undefined;
}

/** What a proxy stands for, from the moment it serves. */
export interface ProxyFacts {
  readonly service: string;
  /** Port inside the namespace at which it is reached. */
  readonly port: number;
  readonly appPort: number;
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

/** Of the proxy `consul`, told by its arguments. */
export function consulProxyFacts(command: readonly string[]): ProxyFacts {
  return {
    service: flag(command, "-service") ?? "",
    port: Number(flag(command, "-listen")?.slice(1)),
    appPort: Number(flag(command, "-service-addr")?.split(":").at(-1)),
  };
}

interface Bootstrap {
  readonly node: { readonly id: string; readonly cluster: string };
  readonly dynamic_resources: {
    readonly ads_config: {
      readonly grpc_services: { readonly initial_metadata: readonly { readonly value: string }[] };
    };
  };
}

/** How often an Envoy hears of what changed in Consul. */
const XDS_LAG = 400;

/** Ends at once without its bootstrap, waits for Consul to configure it, and then follows what Consul says: its ports may change. */
export function envoy(world: ProxyWorld, chance: Chance, serves: (name: string, facts: ProxyFacts) => void): Program {
  return async (process) => {
    await process.sleep(chance.between(5, 60));
    const text = process.read("/secrets/envoy_bootstrap.json");
    if (text === undefined) return process.exit(1);
    const { node, dynamic_resources } = JSON.parse(text) as Bootstrap;
    const token = dynamic_resources.ads_config.grpc_services.initial_metadata[0]?.value;
    let bound: readonly number[] = [];
    for (; !process.ended.aborted; await process.sleep(XDS_LAG)) {
      // Without Consul it goes on with what it was told last.
      const proxy = world.mayServe(node.cluster, token) ? world.proxy(node.id) : undefined;
      if (proxy === undefined) continue;
      const port = Number(proxy.config["bind_port"]);
      const upstreams = proxy.upstreams.map(({ localBindPort }) => localBindPort);
      const exposed = proxy.expose.map(({ listenerPort }) => listenerPort);
      const ports = [...upstreams, ...exposed, port];
      if (ports.join() === bound.join()) continue;
      await process.sleep(chance.between(5, 300));
      for (const old of bound) process.unlisten(old);
      for (const upstream of upstreams) process.listen(upstream, "127.0.0.1");
      for (const open of [...exposed, port]) process.listen(open, "::");
      bound = ports;
      serves(process.spec.name, { service: node.cluster, port, appPort: proxy.localServicePort });
    }
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
