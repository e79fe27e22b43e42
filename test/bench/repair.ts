/** Drift and death: what someone else took away, until it is back; the agent against the straight calls that mend it. */
import { setTimeout as delay } from "node:timers/promises";
import { until } from "../rig/wait.ts";
import { firstAnswer, isInRotation } from "./answer.ts";
import { untilCalm, withAgentStill } from "./agent-pause.ts";
import { callsSince, node } from "./bench-world.ts";
import type { BenchWorld } from "./bench-world.ts";
import { SERVICES } from "./cold-start.ts";
import { Floor } from "./floor.ts";
import { interleaved } from "./rounds.ts";
import { templatesOf } from "./template.ts";
import type { GroupTemplate } from "./template.ts";

export type Mender = "remora" | "floor";
export type Repair = Readonly<Record<Mender, readonly number[]>>;

export interface Repairs {
  readonly service: Repair;
  readonly check: Repair;
  readonly sidecar: Repair;
}

/** One kind of damage to count-api. Times are on performance.now()'s clock. */
interface Damage {
  readonly harm: () => Promise<void>;
  /** The straight calls that mend it. */
  readonly mend: () => Promise<void>;
  /** Resolves when it is seen to be mended. */
  readonly mended: () => Promise<void>;
  /** Before each round. */
  readonly prepare?: () => Promise<void>;
}

/** Starts countdash and leaves it running. */
export async function repairs(world: BenchWorld, rounds: number): Promise<Repairs> {
  const began = performance.now();
  await world.place();
  await firstAnswer(world.port);
  await until(() => isInRotation(world.consul.api), { what: "countdash to be in rotation" });
  const [api] = templatesOf(callsSince(world, began), SERVICES);
  if (api === undefined) throw new Error("count-api was not started");
  const { dockerSocket, consulPort, token } = world;
  const floor = new Floor({ socketPath: dockerSocket }, { host: "127.0.0.1", port: consulPort }, token, node);
  try {
    return {
      service: await repaired(world, deregistered(world, floor, api), rounds),
      check: await repaired(world, uncheck(world, floor, api), rounds),
      sidecar: await repaired(world, killed(world, floor, api), rounds),
    };
  } finally {
    floor.close();
  }
}

function repaired(world: BenchWorld, damage: Damage, rounds: number): Promise<Repair> {
  const measured = async (mend: () => Promise<void>): Promise<number> => {
    const began = performance.now();
    await damage.harm();
    await Promise.all([mend(), damage.mended()]);
    return performance.now() - began;
  };
  const ready = async (): Promise<void> => {
    await damage.prepare?.();
    await untilCalm(world);
    await delay(Math.random() * 500);
  };
  return interleaved<Mender>(
    {
      remora: async () => {
        await ready();
        return measured(() => Promise.resolve());
      },
      floor: async () => {
        await ready();
        return withAgentStill(world, () => measured(damage.mend));
      },
    },
    rounds,
  );
}

/** The service is gone from Consul, and its sidecar with it. */
function deregistered({ consul }: BenchWorld, floor: Floor, api: GroupTemplate): Damage {
  const { ID } = JSON.parse(api.open) as { readonly ID: string };
  return {
    harm: () => consul.api.put(`/agent/service/deregister/${ID}`),
    mend: async () => {
      await floor.open(api, api.infraId, await floor.secretOf(api.accessor));
    },
    mended: async () => {
      await until(() => isInRotation(consul.api), { what: "count-api to be in rotation again", everyMs: 5 });
    },
  };
}

/** One of its checks is gone from Consul. The agent lacks it from that moment on; its catalog hears of it a little later. */
function uncheck({ consul }: BenchWorld, floor: Floor, api: GroupTemplate): Damage {
  const { Checks } = JSON.parse(api.open) as { readonly Checks: readonly Check[] };
  const [{ CheckID } = { CheckID: "" }] = Checks;
  const isBack = async (): Promise<boolean> => {
    const inAgent = await consul.api.get<Readonly<Record<string, Check>>>("/agent/checks");
    const inCatalog = await consul.api.get<readonly Check[]>(`/health/node/${node}`);
    return inAgent[CheckID] !== undefined && inCatalog.some((check) => check.CheckID === CheckID);
  };
  return {
    harm: () => consul.api.put(`/agent/check/deregister/${CheckID}`),
    mend: async () => floor.register(api.open, await floor.secretOf(api.accessor)),
    mended: async () => {
      await until(isBack, { what: "the check to be back", everyMs: 5 });
    },
  };
}

interface Check {
  readonly CheckID: string;
}

/** The sidecar is killed; between rounds it is made anew, so that no restart policy makes the next one wait. */
function killed(world: BenchWorld, floor: Floor, api: GroupTemplate): Damage {
  const { name } = api.containers.sidecar;
  const renew = async (): Promise<void> => {
    await floor.remove(name);
    await floor.runSidecar(api, api.infraId);
  };
  return {
    harm: () => world.docker.getContainer(name).kill(),
    // A service whose sidecar is gone leaves rotation until it is mended.
    mend: async () => {
      const secret = await floor.secretOf(api.accessor);
      await Promise.all([floor.register(api.gated, secret), renew()]);
      await floor.open(api, api.infraId, secret);
    },
    mended: async () => {
      await firstAnswer(world.port);
    },
    prepare: () =>
      withAgentStill(world, async () => {
        await renew();
        await firstAnswer(world.port);
      }),
  };
}
