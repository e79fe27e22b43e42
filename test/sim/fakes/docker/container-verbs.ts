/** What the port can do to a fake engine's containers. */
import { refusal } from "../../../../src/adapters/docker/errors.ts";
import type { Call } from "../../../../src/adapters/docker/errors.ts";
import type { ContainerSpec } from "../../../../src/model/container.ts";
import { LABEL } from "../../../../src/model/labels.ts";
import type { FileSpec } from "../../../../src/ports/runtime.ts";
import type { FakeContainer } from "./container.ts";
import { placeOf } from "./files.ts";
import type { Place } from "./files.ts";
import { deliver, make } from "./life.ts";
import { signalName } from "./program.ts";
import { find, fullReference, isMarked } from "./world.ts";
import type { World } from "./world.ts";

/** Undefined if absent; `conflict` if it is there but not this instance's. */
export function touchable(world: World, instance: string, name: string, call: Call): FakeContainer | undefined {
  const found = find(world, name);
  if (found === undefined || isMarked(found.spec.labels, instance)) return found;
  throw refusal("conflict", call, "the container is not ours", "never");
}

export function requireOwn(world: World, instance: string, name: string, call: Call): FakeContainer {
  const found = touchable(world, instance, name, call);
  if (found === undefined) throw refusal("not-found", call, `No such container: ${name}`);
  return found;
}

export function createContainer(world: World, spec: ContainerSpec, call: Call): void {
  if (spec.network.kind === "container" && find(world, spec.network.id) === undefined) {
    throw refusal("not-found", call, `No such container: ${spec.network.id}`);
  }
  if (!world.images.has(fullReference(spec.image))) {
    throw refusal("image-missing", call, `No such image: ${spec.image}`);
  }
  const other = [...world.containers.values()].find((candidate) => candidate.spec.name === spec.name);
  if (other === undefined) make(world, spec);
  else if (!isSame(other, spec)) throw refusal("conflict", call, `the name ${spec.name} is already in use`);
}

function isSame(found: FakeContainer, spec: ContainerSpec): boolean {
  return [LABEL.instance, LABEL.alloc, LABEL.role].every((label) => found.spec.labels[label] === spec.labels[label]);
}

export function signalContainer(world: World, instance: string, name: string, sent: string, call: Call): void {
  const found = touchable(world, instance, name, call);
  if (found === undefined || (found.run === undefined && found.state !== "restarting")) return;
  const own = found.spec.stopSignal ?? world.images.get(fullReference(found.spec.image))?.stopSignal ?? "TERM";
  const signal = signalName(sent === "" ? own : sent);
  if (signal === undefined) throw refusal("rejected", call, `Invalid signal: ${sent}`, "never");
  deliver(world, found, signal);
}

export function putFiles(
  world: World,
  container: FakeContainer,
  directory: string,
  files: readonly FileSpec[],
  call: Call,
): void {
  if (container.state !== "running") throw refusal("rejected", call, "the container is not running");
  const place = placeOf(container.spec.mounts, directory);
  // Only the tops of file systems exist as directories.
  if (place.rest !== "") throw refusal("not-found", call, `Could not find the file ${directory} in container`);
  if (isReadOnly(container, place)) throw refusal("rejected", call, "marked read-only");
  const tree = place.mount === undefined ? container.files : world.volumes.get(place.mount.volume.name)?.files;
  for (const { name, content, mode, uid } of files) {
    tree?.set(name, { content: typeof content === "string" ? content : content.reveal(), mode, uid });
  }
}

function isReadOnly(container: FakeContainer, { mount }: Place): boolean {
  return mount === undefined ? container.spec.readonlyRootfs : mount.readOnly;
}
