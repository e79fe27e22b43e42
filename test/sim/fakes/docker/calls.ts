/** Calls between fake containers: what `nc` hears from whoever listens, over loopback, the bridge or a published port. */
import { createHash } from "node:crypto";
import type { FakeContainer, Run } from "./container.ts";
import type { Namespace } from "./namespace.ts";
import { bindingAt } from "./ports.ts";
import type { FakeProcess } from "./program.ts";
import { find } from "./world.ts";
import type { World } from "./world.ts";

/** A shell that says something to whoever calls. */
const GREETER = /echo '(?<greeting>[^']+)' \| nc -l -p (?<port>\d+)/;

/** A greeter listens from its start. */
export function listenIfGreeter(process: FakeProcess): void {
  const port = greeterOf(process.spec.command ?? [])?.["port"];
  if (port !== undefined) process.listen(Number(port));
}

function greeterOf(command: readonly string[]): Readonly<Record<string, string>> | undefined {
  return GREETER.exec(command.at(-1) ?? "")?.groups;
}

/** Address of a container on its bridge. */
function addressOf({ id }: FakeContainer): string {
  const [a = 0, b = 0] = createHash("sha256").update(id).digest();
  return `172.30.${a}.${b}`;
}

/** As Docker writes it. */
export function hostsFile(container: FakeContainer): string {
  return `127.0.0.1\tlocalhost\n${addressOf(container)}\t${container.spec.hostname ?? container.id.slice(0, 12)}\n`;
}

/** `sh -c 'nc … "$0" "$1" …' ADDRESS PORT`: what is heard, "" if nobody answers; undefined if the command is another. */
export function heardBy(world: World, caller: FakeContainer, run: Run, argv: readonly string[]): string | undefined {
  const [shell, flag, script = "", address = "", port] = argv;
  if (shell !== "sh" || flag !== "-c" || !script.startsWith("nc -w ")) return undefined;
  if (address === "127.0.0.1") return greetingIn(world, run.namespace, Number(port));
  const direct = [...world.containers.values()].find(
    (other) => other.run !== undefined && addressOf(other) === address,
  );
  if (direct?.run !== undefined)
    return mayCross(world, caller) ? greetingIn(world, direct.run.namespace, Number(port)) : "";
  const found = bindingAt(world.containers.values(), { ip: address, port: Number(port), protocol: "tcp" });
  if (found?.container.run === undefined || !world.hasUserlandProxy) return "";
  return greetingIn(world, found.container.run.namespace, found.binding.containerPort);
}

/** The packet filter keeps containers of an isolated bridge apart, if bridged traffic passes it. */
function mayCross(world: World, { spec: { network } }: FakeContainer): boolean {
  const isolated = network.kind === "bridge" && world.networks.get(network.name)?.isolated === true;
  return !isolated || !world.filtersBridges;
}

function greetingIn(world: World, { listeners }: Namespace, port: number): string {
  const owner = listeners.find((listener) => listener.port === port)?.container;
  return greeterOf(find(world, owner ?? "")?.spec.command ?? [])?.["greeting"] ?? "";
}
