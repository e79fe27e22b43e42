/** The namespace of an allocation: the infra container that owns it, with its published ports and all volumes. */
import type { ContainerSpec, NetworkAttachment, PublishedPort, VolumeMount } from "../model/container.ts";
import { type Millis, connectProxyName } from "../model/job.ts";
import { allocLabels, LABEL } from "../model/labels.ts";
import { writePorts } from "../model/ports.ts";
import { interpolateGroup } from "./environment.ts";
import { allocVolume, infraDirectory, infraName, localVolume, mount, secretsVolume, sidecarUid } from "./naming.ts";
import { writeGroupStop } from "./stopping.ts";
import { NOTHING_DUE, type AllocView, type Due } from "./view.ts";

/**
 * Holds the namespace; ends at once when told to. First it opens the volumes of the tasks to every user, as Nomad's
 * directories are: a new volume is root's.
 */
const HOLD = [
  "sh",
  "-c",
  "chmod 0777 /alloc /tasks/local-* 2>/dev/null; trap 'exit 0' TERM INT; while :; do sleep 86400 & wait $!; done",
];

/** How soon to look again at something that is on its way. */
export const SOON: Millis = 100;

/** Creates it, or starts it again under the same id. */
export function planNamespace(view: AllocView): Due {
  const { infra } = view;
  if (infra === undefined)
    return { steps: [{ kind: "create-namespace", spec: namespaceSpec(view) }], waiting: "the namespace is being made" };
  switch (infra.state) {
    case "running":
      return NOTHING_DUE;
    case "created":
    case "exited":
      return { steps: [{ kind: "start-namespace", container: infra.id }], waiting: "the namespace is being started" };
    case "dead":
      return {
        steps: [{ kind: "remove-container", container: infra.id, name: infra.name }],
        waiting: "a dead infra container is being removed",
      };
    case "paused":
      return {
        steps: [],
        waiting: `the infra container ${infra.name} is paused: unpause it with docker unpause`,
        recheck: 1000,
      };
    case "restarting":
    case "removing":
      return { steps: [], waiting: `the infra container is ${infra.state}`, recheck: SOON };
  }
}

/** What every member of the allocation carries, so that each alone tells the whole. */
export function memberLabels(view: AllocView): Record<string, string> {
  return {
    ...allocLabels(view.settings.instance, view.ref),
    [LABEL.attempt]: String(view.attempt),
    [LABEL.revision]: view.revision.hash,
    [LABEL.ports]: writePorts(view.ports),
  };
}

export function namespaceSpec(view: AllocView): ContainerSpec {
  const { group, settings, ref } = view;
  const { dns, hostname, mode } = group.network;
  return {
    name: infraName(ref.alloc),
    image: settings.images.infra,
    entrypoint: HOLD.slice(0, 1),
    command: HOLD.slice(1),
    env: {},
    labels: {
      ...memberLabels(view),
      [LABEL.role]: "infra",
      [LABEL.spec]: view.revision.text,
      [LABEL.stop]: writeGroupStop({ shutdownDelay: group.shutdownDelay }),
    },
    ...(hostname === undefined || mode === "host" ? {} : { hostname: interpolateGroup(view, hostname) }),
    network: attachment(view),
    publish: mode === "bridge" ? published(view) : [],
    mounts: mounts(view),
    ...(dns === undefined || mode === "host" ? {} : { dns: interpolatedDns(view, dns) }),
    capAdd: [],
    capDrop: ["ALL"],
    pidsLimit: 64,
    readonlyRootfs: false,
    noNewPrivileges: true,
    restart: "no",
    logs: { maxFiles: 1, maxSizeMb: 1 },
  };
}

function attachment({ group, settings }: AllocView): NetworkAttachment {
  if (group.network.mode === "bridge") return { kind: "bridge", name: settings.network };
  return { kind: group.network.mode };
}

function interpolatedDns(view: AllocView, dns: NonNullable<AllocView["group"]["network"]["dns"]>): typeof dns {
  const all = (texts: readonly string[]): readonly string[] => texts.map((text) => interpolateGroup(view, text));
  return { servers: all(dns.servers), searches: all(dns.searches), options: all(dns.options) };
}

/** Declared ports speak TCP and UDP, as Nomad maps them; the sidecars' only TCP. */
function published({ ports }: AllocView): readonly PublishedPort[] {
  return ports.map(({ hostIp, value, to, role }) => ({
    hostIp,
    hostPort: value,
    containerPort: to,
    protocols: role === "declared" ? ["tcp", "udp"] : ["tcp"],
  }));
}

function mounts(view: AllocView): readonly VolumeMount[] {
  const tasks = view.group.tasks.flatMap(({ name }) => [
    mount(localVolume(view, name), infraDirectory(name, "local")),
    mount(secretsVolume(view, name), infraDirectory(name, "secrets")),
  ]);
  const sidecars = view.group.services
    .filter((service) => service.connect !== undefined)
    .map((service) => {
      const name = connectProxyName(service.name);
      return mount(secretsVolume(view, name, sidecarUid(service)), infraDirectory(name, "secrets"));
    });
  return [mount(allocVolume(view), "/alloc"), ...tasks, ...sidecars];
}
