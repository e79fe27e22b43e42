/** What all allocations of an instance stand on: its bridge network and the relay to Consul. */
import type { Container, ContainerSpec, NetworkState } from "../model/container.ts";
import { hashOf } from "../model/ids.ts";
import { instanceLabels, LABEL } from "../model/labels.ts";
import type { Settings } from "../model/settings.ts";
import type { Step } from "../model/step.ts";
import { RELAY_DIRECTORY, relayVolume } from "./consul-proxy.ts";
import { mount } from "./naming.ts";
import type { Due } from "./view.ts";

export interface GroundObserved {
  /** undefined if there is no network of that name. */
  readonly network: NetworkState | undefined;
  readonly relays: readonly Container[];
  /** What is known about the relay's image, if it is not here. */
  readonly missingImage: string | undefined;
}

/** Raised when the relay's behaviour changes so that an old one will not do; never for a new image, which would break every proxy's stream. */
const RELAY_PROTOCOL = 1;

/** Waiting = groups cannot be started yet. */
export function planGround(observed: GroundObserved, settings: Settings): Due {
  const network = planNetwork(observed.network, settings);
  if (network !== undefined) return network;
  return settings.consulForGroups === undefined ? planRelay(observed, settings) : { steps: [] };
}

function planNetwork(network: NetworkState | undefined, settings: Settings): Due | undefined {
  if (network === undefined)
    return {
      steps: [{ kind: "create-network", spec: { name: settings.network, labels: instanceLabels(settings.instance) } }],
      waiting: `the network ${settings.network} is being made`,
    };
  if (network.owned) return undefined;
  const waiting = `a network named ${settings.network} exists and is not Remora's: remove it or choose another --instance`;
  return { steps: [], waiting, recheck: settings.resync };
}

function planRelay({ relays, missingImage }: GroundObserved, settings: Settings): Due {
  const spec = relaySpec(settings);
  const wanted = relays.find(({ labels }) => labels[LABEL.relay] === spec.labels[LABEL.relay]);
  const others = relays.filter((relay) => relay !== wanted);
  const removals = others.map(({ id, name }): Step => ({ kind: "remove-container", container: id, name }));
  const waiting = "the relay to Consul is being started";
  if (wanted === undefined && missingImage !== undefined)
    return { steps: [{ kind: "pull-image", image: settings.images.remora }], waiting: missingImage };
  // Its predecessor is removed when it runs: proxies that lose their stream then find the new one there.
  if (wanted === undefined) return { steps: [{ kind: "run-relay", spec }], waiting };
  if (wanted.state === "running") return { steps: removals };
  if (wanted.state === "created" || wanted.state === "exited") return { steps: [{ kind: "run-relay", spec }], waiting };
  if (wanted.state === "dead")
    return { steps: [{ kind: "remove-container", container: wanted.id, name: wanted.name }], waiting };
  return { steps: removals, waiting: `the relay is ${wanted.state}`, recheck: 500 };
}

function relaySpec(settings: Settings): ContainerSpec {
  const { http, grpc } = settings.relay;
  const command = [
    "relay",
    "--directory",
    RELAY_DIRECTORY,
    "--http",
    http,
    ...(grpc === undefined ? [] : ["--grpc", grpc]),
  ];
  const hash = hashOf({ protocol: RELAY_PROTOCOL, command });
  return {
    name: `remora-relay-${settings.instance}-${hash}`,
    image: settings.images.remora,
    command,
    env: {},
    labels: { ...instanceLabels(settings.instance), [LABEL.role]: "relay", [LABEL.relay]: hash },
    network: { kind: "host" },
    publish: [],
    mounts: [mount(relayVolume(settings), RELAY_DIRECTORY)],
    memory: 128 * 1024 * 1024,
    pidsLimit: 64,
    capAdd: [],
    capDrop: ["ALL"],
    readonlyRootfs: true,
    noNewPrivileges: true,
    healthcheck: "none",
    restart: "always",
    logs: { maxFiles: 2, maxSizeMb: 2 },
  };
}
