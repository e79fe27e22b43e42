/** The two containers of the self-test, on the network of the groups: one listens, the other calls it both ways. */
import type { ContainerSpec } from "../model/container.ts";
import { instanceLabels, LABEL } from "../model/labels.ts";
import { writePorts } from "../model/ports.ts";
import type { Settings } from "../model/settings.ts";

/** Port of the listener in its own namespace. */
export const PROBE_PORT = 4656;

/** What the listener says to whoever calls: an accepted connection alone may be Docker's proxy, with nothing behind it. */
const GREETING = "remora self-test";

const LISTENER = "remora-listener";

export interface ProbeSpecs {
  readonly listener: ContainerSpec;
  readonly caller: ContainerSpec;
}

type Where = Pick<Settings, "instance" | "network" | "advertise" | "images">;

/** `port`: the host's, on which the listener is published. */
export function probeSpecs(settings: Where, port: number): ProbeSpecs {
  const listen = `trap 'exit 0' TERM INT; while :; do echo '${GREETING}' | nc -l -p ${PROBE_PORT}; done`;
  const wait = "trap 'exit 0' TERM INT; sleep 600 & wait $!";
  const publish = {
    hostIp: settings.advertise,
    hostPort: port,
    containerPort: PROBE_PORT,
    protocols: ["tcp"],
  } as const;
  return {
    listener: { ...probe(settings, port, "listener", listen), hostname: LISTENER, publish: [publish] },
    caller: probe(settings, port, "caller", wait),
  };
}

function probe(
  { instance, network, images, advertise }: Where,
  port: number,
  part: string,
  script: string,
): ContainerSpec {
  const held = [{ label: "probe", value: port, to: PROBE_PORT, hostIp: advertise, role: "proxy" }] as const;
  return {
    name: `remora-probe-${instance}-${part}-${port}`,
    image: images.infra,
    entrypoint: ["sh"],
    command: ["-c", script],
    env: {},
    labels: { ...instanceLabels(instance), [LABEL.role]: "probe", [LABEL.ports]: writePorts(held) },
    network: { kind: "bridge", name: network },
    publish: [],
    mounts: [],
    memory: 32 * 1024 * 1024,
    pidsLimit: 16,
    capAdd: [],
    capDrop: ["ALL"],
    readonlyRootfs: true,
    noNewPrivileges: true,
    healthcheck: "none",
    restart: "no",
    logs: { maxFiles: 1, maxSizeMb: 1 },
  };
}

/** Calls twice, for between two callers the listener is away for a moment; each call takes a second at the most. */
export function callCommand(address: string, port: number): readonly string[] {
  return ["sh", "-c", 'nc -w 1 "$0" "$1" </dev/null; nc -w 1 "$0" "$1" </dev/null', address, String(port)];
}

export function isAnswered(stdout: string): boolean {
  return stdout.includes(GREETING);
}

/** Docker writes a container's own address on the bridge there. */
export const HOSTS_COMMAND: readonly string[] = ["cat", "/etc/hosts"];

/** The listener's address on the bridge; undefined if the file does not tell. */
export function listenerAddress(hosts: string): string | undefined {
  const rows = hosts.split("\n").map((line) => line.split(/\s+/));
  return rows.find(([address = "", ...names]) => /^[\d.]+$/.test(address) && names.includes(LISTENER))?.[0];
}
