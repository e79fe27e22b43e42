/** What the port can do to a fake engine's networks. */
import { refusal } from "../../../../src/adapters/docker/errors.ts";
import type { Call } from "../../../../src/adapters/docker/errors.ts";
import type { NetworkSpec, NetworkState } from "../../../../src/model/container.ts";
import { nextId } from "./life.ts";
import { attachedTo, isMarked } from "./world.ts";
import type { FakeNetwork, World } from "./world.ts";

export function networkState(world: World, instance: string, name: string): NetworkState | undefined {
  const found = world.networks.get(name);
  if (found === undefined) return undefined;
  const { id, spec, gateway, isolated } = found;
  const containers = attachedTo(world, name).length;
  return { id, name, owned: isMarked(spec.labels, instance), gateway, isolated, containers };
}

export function createNetwork(world: World, instance: string, spec: NetworkSpec, call: Call): void {
  if (own(world, instance, spec.name, call) !== undefined) return;
  const gateway = `172.${17 + world.networks.size}.0.1`;
  world.networks.set(spec.name, { id: nextId(world), spec, gateway, isolated: true });
}

export function removeNetwork(world: World, instance: string, name: string, call: Call): void {
  if (own(world, instance, name, call) === undefined) return;
  if (attachedTo(world, name).length > 0) throw refusal("conflict", call, `network ${name} has active endpoints`);
  world.networks.delete(name);
}

function own(world: World, instance: string, name: string, call: Call): FakeNetwork | undefined {
  const found = world.networks.get(name);
  if (found === undefined || isMarked(found.spec.labels, instance)) return found;
  throw refusal("conflict", call, "there is a network of that name that is not ours", "never");
}
