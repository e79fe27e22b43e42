/**
 * The rig: a Docker engine, images, a bridge and Consul, for whatever needs the real thing.
 *
 * In a test (run with `vitest run --config test/vitest.rig.ts test/e2e`):
 *
 *     import { rig } from "../rig/vitest.ts";
 *     const { dockerHost, bridge, images } = rig();              // the set-up is done, once for all files
 *     const consul = await startConsul({ bind: bridge });        // ../rig/consul.ts: ACLs deny, Connect, free ports
 *     const token = await remoraToken(consul.api);               // ../rig/consul-api.ts: the least policy; `intention()`
 *     …
 *     await consul.stop();
 *
 * In a script: `const { facts, close } = await setupRig()`, and `await close()` in the end. Whoever leaves last stops an engine
 * that the rig started, with all that is in it; on any other engine the tests remove what they made.
 */
import { consulBinary } from "./consul-binary.ts";
import type { ConsulBinary } from "./consul-binary.ts";
import { dockerAt } from "./docker.ts";
import { engine, release } from "./engine.ts";
import { envoyBinary } from "./envoy-binary.ts";
import type { EnvoyBinary } from "./envoy-binary.ts";
import { prepareImages } from "./images.ts";
import type { Images } from "./images.ts";
import { withLock } from "./lock.ts";
import { bridgeAddress, removeNetwork } from "./network.ts";

/** Plain data: it crosses from the set-up to the tests' own processes. */
export interface Rig {
  /** `unix:///path/to/docker.sock` */
  readonly dockerHost: string;
  /** True when the rig started the engine: only then may a test restart it or fill it up. */
  readonly ownEngine: boolean;
  /** What Consul binds and advertises: the gateway of the rig's bridge, an address of this host. */
  readonly bridge: string;
  readonly images: Images;
  readonly consul: ConsulBinary;
  /** Undefined where none can be had: what needs it is skipped by name. */
  readonly envoy: EnvoyBinary | undefined;
}

export interface OpenRig {
  readonly facts: Rig;
  /** Leaves the engine as it was found. */
  readonly close: () => Promise<void>;
}

/** Finds or starts the engine and makes what is missing; `user` names one that outlives this process. */
export async function setupRig(user?: string): Promise<OpenRig> {
  const { dockerHost, own } = await engine(user);
  const close = async (): Promise<void> => {
    const last = await release(user);
    if (last && !own) await removeNetwork(dockerAt(dockerHost));
  };
  try {
    return { facts: await withLock(() => prepare(dockerHost, own)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepare(dockerHost: string, ownEngine: boolean): Promise<Rig> {
  const docker = dockerAt(dockerHost);
  const images = await prepareImages(docker);
  const bridge = await bridgeAddress(docker);
  return { dockerHost, ownEngine, images, bridge, consul: await consulBinary(), envoy: await envoyBinary() };
}
