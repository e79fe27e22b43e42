/** Start-first: a group of two services and two allocations is changed again and again under load, and no request is lost. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rig } from "../rig/vitest.ts";
import { intention } from "../rig/consul-api.ts";
import { until } from "../rig/wait.ts";
import { inRotation } from "./support/consul.ts";
import { inspectAll, inspectOne } from "./support/docker.ts";
import { whyNoEnvoy } from "./support/envoy.ts";
import { startLoad } from "./support/load.ts";
import type { Load } from "./support/load.ts";
import { remora } from "./support/program.ts";
import { envoyFlags, openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

interface Shop {
  readonly image: string;
  readonly count?: number;
  /** Of one task. */
  readonly version?: string;
  /** Memory of the first service's sidecar, MiB. */
  readonly memory?: number;
  readonly tags?: readonly string[];
}

const service = (name: string, port: number, tags: readonly string[], memory: number): string => `
    service {
      name = "${name}"
      port = "${port}"
      tags = ${JSON.stringify(tags)}

      connect {
        sidecar_service {}

        sidecar_task {
          resources {
            memory = ${memory}
          }
        }
      }
    }`;

const task = (name: string, port: number, image: string, version: string): string => `
    task "${name}" {
      driver = "docker"

      env {
        PORT    = "${port}"
        VERSION = "${version}"
      }

      config {
        image = "${image}"
      }
    }`;

/** Two services in each of its allocations. */
function shop({ image, count = 2, version = "1", memory = 128, tags = [] }: Shop): string {
  return `job "shop" {
  datacenters = ["dc1"]

  group "main" {
    count = ${count}

    network {
      mode = "bridge"
    }
${service("shop-a", 9001, tags, memory)}
${service("shop-b", 9002, [], 128)}
${task("a", 9001, image, version)}
${task("b", 9002, image, "1")}
  }
}
`;
}

/** Calls both of them, by the load that is run in its namespace. */
function caller(image: string): string {
  const upstream = (name: string, port: number): string => `
            upstreams {
              destination_name = "${name}"
              local_bind_port  = ${port}
            }`;
  return `job "caller" {
  datacenters = ["dc1"]

  group "main" {
    network {
      mode = "bridge"
    }

    service {
      name = "caller"
      port = "9001"

      connect {
        sidecar_service {
          proxy {${upstream("shop-a", 8081)}
${upstream("shop-b", 8082)}
          }
        }
      }
    }
${task("main", 9001, image, "1")}
  }
}
`;
}

const why = whyNoEnvoy();
const proxies = [
  { name: "with Consul's own proxy", flags: (): readonly string[] => [], skip: false },
  {
    name: `with Envoy${why === undefined ? "" : ` (${why})`}`,
    flags: (): readonly string[] => envoyFlags(rig().images),
    skip: why !== undefined,
  },
];

for (const { name, flags, skip } of proxies) {
  describe.skipIf(skip)(`replacing under load ${name}`, () => {
    let world: World;
    let image = "";
    const loads: Load[] = [];

    const infras = async (): Promise<readonly string[]> => {
      const found = await inspectAll(world.docker, { instance: world.name, job: "shop", role: "infra" });
      return found.map(({ Id }) => Id).sort();
    };
    const settled = async (count: number): Promise<boolean> => {
      for (const each of ["shop-a", "shop-b"])
        if ((await inRotation(world.consul.api, each)).length !== count) return false;
      const [group] = await world.agent.groups("shop");
      return group?.state === "running" && group.allocs.length === count && (await infras()).length === count;
    };
    const follow = async (content: string, count = 2): Promise<void> => {
      await world.place("shop.hcl", content);
      const done = async (): Promise<boolean> => (await planned()) === 0 && (await settled(count));
      await until(done, { what: "the file to be followed and all of it to serve", timeoutMs: 90_000 });
      for (const load of loads) await load.more(25);
    };
    const planned = async (): Promise<number> =>
      (await remora(["plan", `${world.jobs}/shop.hcl`, "--state-dir", world.stateDir], world.env)).code;

    beforeAll(async () => {
      world = await openWorld({ flags: [...flags(), "--prune-delay", "0s"] });
      image = world.rig.images.counterApi;
      for (const each of ["shop-a", "shop-b"]) await intention(world.consul.api, "caller", each);
      await world.place("shop.hcl", shop({ image }));
      await world.place("caller.hcl", caller(image));
      await world.agent.start();
      await until(() => settled(2), { what: "both services to serve twice", timeoutMs: 90_000 });
      const ready = async (): Promise<boolean> => (await world.agent.group("caller", "main")).state === "running";
      await until(ready, { what: "the caller to run", timeoutMs: 60_000 });
      const { Id } = await inspectOne(world.docker, { instance: world.name, job: "caller", role: "infra" });
      for (const port of [8081, 8082]) loads.push(await startLoad(world.docker, world.rig.images.node, Id, port, 50));
    }, 180_000);
    afterAll(() => world.close(), 60_000);

    test("a changed task, a changed sidecar, another count and other tags lose no request of either service", async () => {
      const first = await infras();
      await follow(shop({ image, version: "2" }));
      const second = await infras();
      expect(second.filter((id) => first.includes(id))).toEqual([]);
      await follow(shop({ image, version: "2", memory: 160 }));
      const third = await infras();
      expect(third.filter((id) => second.includes(id))).toEqual([]);
      await follow(shop({ image, version: "2", memory: 160, count: 3 }), 3);
      expect(await infras()).toEqual(expect.arrayContaining([...third]));
      await follow(shop({ image, version: "2", memory: 160, tags: ["v2"] }), 2);
      expect(await infras()).toEqual(third);
      for (const load of loads) {
        const { answered, failures } = await load.stop();
        expect(failures).toEqual([]);
        expect(answered).toBeGreaterThan(200);
      }
    }, 300_000);
  });
}
