/** Choosing the host ports of a new allocation. */
import type { Port, TaskGroup } from "../model/job.ts";
import { type AllocatedPort, readyPortLabel } from "../model/ports.ts";
import type { Settings } from "../model/settings.ts";
import { proxyPortLabel } from "../model/sidecar.ts";
import type { Random } from "../ports/time.ts";

/**
 * All ports of the group: declared ones on all addresses, each sidecar's public port on the advertised one, each sidecar's
 * ready port on loopback. Dynamic ones are picked by chance from the range, avoiding `taken` and what the group listens on in
 * its namespace: most have the same number there. undefined if the range is used up.
 */
export function allocatePorts(
  group: TaskGroup,
  settings: Pick<Settings, "advertise" | "portRange">,
  taken: ReadonlySet<number>,
  random: Random,
): readonly AllocatedPort[] | undefined {
  const used = new Set([...taken, ...ownNumbers(group)]);
  const wanted = [...group.network.ports.map(declared), ...meshPorts(group, settings.advertise)];
  const ports: AllocatedPort[] = [];
  for (const { fixed, ...port } of wanted) {
    const value = fixed ?? pick(settings.portRange, used, random);
    if (value === undefined) return undefined;
    used.add(value);
    ports.push({ ...port, value, to: port.to > 0 ? port.to : value });
  }
  return ports;
}

/** Numbers that the job itself gives to ports of the group, on the host or in the namespace. */
function ownNumbers({ network, services }: TaskGroup): readonly number[] {
  const meshed = services.flatMap(({ connect }) => connect?.sidecarService.proxy ?? []);
  const upstreams = meshed.flatMap((proxy) => proxy.upstreams.map(({ localBindPort }) => localBindPort));
  const paths = meshed.flatMap(({ expose = [] }) => expose.map(({ localPathPort }) => localPathPort));
  return [
    ...network.ports.flatMap((port) => [port.static ?? 0, port.to]),
    ...services.map(({ port }) => Number(port) || 0),
    ...meshed.map(({ localServicePort }) => localServicePort),
    ...upstreams,
    ...paths,
  ];
}

type WantedPort = Omit<AllocatedPort, "value"> & { readonly fixed?: number };

function declared(port: Port): WantedPort {
  const fixed = port.static === undefined ? {} : { fixed: port.static };
  return { label: port.label, to: port.to, hostIp: "0.0.0.0", role: "declared", ...fixed };
}

function meshPorts(group: TaskGroup, advertise: string): readonly WantedPort[] {
  const declaredLabels = new Set(group.network.ports.map((port) => port.label));
  return group.services
    .filter((service) => service.connect !== undefined)
    .flatMap((service): readonly WantedPort[] => {
      const label = proxyPortLabel(service);
      const ready: WantedPort = { label: readyPortLabel(service.name), to: -1, hostIp: "127.0.0.1", role: "ready" };
      if (declaredLabels.has(label)) return [ready];
      return [{ label, to: -1, hostIp: advertise, role: "proxy" }, ready];
    });
}

/** One that is not used, by chance; undefined if all are. */
export function pick(range: Settings["portRange"], used: ReadonlySet<number>, random: Random): number | undefined {
  const size = range.to - range.from + 1;
  const start = Math.floor(random() * size);
  for (let step = 0; step < size; step++) {
    const port = range.from + ((start + step) % size);
    if (!used.has(port)) return port;
  }
  return undefined;
}
