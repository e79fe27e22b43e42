/** Host ports: who publishes which, and who is in the way of whom. */
import type { ContainerSpec } from "../../../../src/model/container.ts";
import type { FakeContainer } from "./container.ts";

export interface HostPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

export interface Binding extends HostPort {
  readonly containerPort: number;
}

/** Those that a container binds while it runs; one that joins a namespace binds none of its own. */
export function bindingsOf(spec: ContainerSpec): readonly Binding[] {
  if (spec.network.kind !== "bridge") return [];
  return spec.publish.flatMap(({ hostIp, hostPort, containerPort, protocols }) =>
    protocols.map((protocol) => ({ ip: hostIp, port: hostPort, protocol, containerPort })),
  );
}

export function clash(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || isAny(a.ip) || isAny(b.ip));
}

function isAny(ip: string): boolean {
  return ip === "" || ip === "0.0.0.0";
}

/** The binding that a connection to the host's port would come through, among those of running containers. */
export function bindingAt(
  containers: Iterable<FakeContainer>,
  at: HostPort,
): { readonly container: FakeContainer; readonly binding: Binding } | undefined {
  for (const container of containers) {
    if (container.run === undefined) continue;
    const binding = bindingsOf(container.spec).find((candidate) => clash(candidate, at));
    if (binding !== undefined) return { container, binding };
  }
  return undefined;
}
