/** Builders with defaults: a test states only what matters to it. */
import type { AllocRef, Container, Volume } from "../../src/model/container.ts";
import type { Diagnostic } from "../../src/model/diagnostic.ts";
import type {
  Check,
  Connect,
  Job,
  Port,
  Proxy,
  Service,
  SidecarService,
  Task,
  TaskGroup,
  Upstream,
} from "../../src/model/job.ts";
import { allocLabels, LABEL } from "../../src/model/labels.ts";
import type { Registration, Token } from "../../src/model/registration.ts";
import { revisionOf } from "../../src/model/revision.ts";
import type { EnvoySettings, Settings } from "../../src/model/settings.ts";
import type { MeshInfo } from "../../src/ports/mesh.ts";
import { allocatePorts } from "../../src/reconcilers/ports.ts";
import { NO_MEMORY, type AllocView } from "../../src/reconcilers/view.ts";

/** The time in most tests. */
export const NOW = 1_700_000_000_000;

export const ALLOC = "0d4b9a52-0000-5000-8000-00000000000a";

export function aSettings(over: Partial<Settings> = {}): Settings {
  return {
    instance: "remora",
    node: "host-1",
    datacenter: "dc1",
    region: "global",
    advertise: "10.0.0.5",
    aclsEnabled: true,
    proxy: "consul",
    network: "remora",
    images: { infra: "busybox:1", consul: "consul:1", remora: "remora:1" },
    portRange: { from: 20_000, to: 20_999 },
    pruneDelay: 2_000,
    deadMan: 3_600_000,
    resync: 30_000,
    relayVolume: "remora-relay",
    relay: { http: "http://127.0.0.1:8500" },
    intentions: "none",
    workers: 4,
    ...over,
  };
}

/** What a Consul says of itself that speaks xDS v3. */
export function aMeshInfo(over: Partial<MeshInfo> = {}): MeshInfo {
  return {
    version: "1.16.4",
    datacenter: "dc1",
    nodeName: "consul-1",
    address: "10.0.0.5",
    connectEnabled: true,
    aclsEnabled: true,
    grpc: { port: 8502, tls: false },
    envoys: ["1.26.6", "1.25.11"],
    ...over,
  };
}

/** Settings of an agent whose proxy is Envoy, on a Consul that speaks xDS v3. */
export function envoySettings(over: Partial<EnvoySettings> = {}): Settings {
  const image = "envoyproxy/envoy:v${NOMAD_envoy_version}";
  const supported = ["1.26.6", "1.25.11"];
  const envoy = {
    consulVersion: "1.16.4",
    version: "1.26.6",
    supported,
    image,
    logLevel: "info",
    concurrency: 1,
    ...over,
  };
  return aSettings({ proxy: "envoy", envoy });
}

export function aTask(over: Partial<Task> = {}, config: Partial<Task["config"]> = {}): Task {
  return {
    name: "web",
    driver: "docker",
    user: "",
    config: {
      image: "app:1",
      args: [],
      labels: {},
      forcePull: false,
      capAdd: [],
      capDrop: [],
      readonlyRootfs: false,
      ...config,
    },
    env: {},
    resources: { cpu: 100, memory: 300 },
    restart: { attempts: 2, interval: 1_800_000, delay: 15_000, mode: "fail" },
    meta: {},
    leader: false,
    killTimeout: 5_000,
    killSignal: "",
    shutdownDelay: 0,
    ...over,
  };
}

export function aPort(over: Partial<Port> = {}): Port {
  return { label: "http", to: 0, ...over };
}

export function aCheck(over: Partial<Check> = {}): Check {
  return {
    name: "",
    type: "http",
    interval: 10_000,
    timeout: 2_000,
    port: "",
    path: "/health",
    protocol: "",
    method: "",
    header: {},
    body: "",
    grpcService: "",
    grpcUseTls: false,
    tlsSkipVerify: false,
    initialStatus: "",
    successBeforePassing: 0,
    failuresBeforeCritical: 0,
    ...over,
  };
}

export function anUpstream(over: Partial<Upstream> = {}): Upstream {
  return {
    destinationName: "count-api",
    destinationNamespace: "",
    datacenter: "",
    localBindPort: 8080,
    localBindAddress: "",
    meshGatewayMode: "",
    ...over,
  };
}

/** A service without a sidecar. */
export function aService(over: Partial<Service> = {}): Service {
  return {
    name: "api",
    port: "9001",
    tags: [],
    meta: {},
    addressMode: "auto",
    enableTagOverride: false,
    checks: [],
    ...over,
  };
}

export function aConnect(
  proxy: Partial<Proxy> = {},
  sidecarService: Partial<SidecarService> = {},
  sidecarTask: Connect["sidecarTask"] = {},
): Connect {
  return {
    sidecarService: {
      port: "",
      disableDefaultTcpCheck: false,
      proxy: { localServiceAddress: "", localServicePort: 0, upstreams: [], config: {}, ...proxy },
      ...sidecarService,
    },
    sidecarTask,
  };
}

/** A service with a sidecar. */
export function aMeshService(over: Partial<Service> = {}, proxy: Partial<Proxy> = {}): Service {
  return aService({ connect: aConnect(proxy), ...over });
}

/** One task "web" and one mesh service "api" on port 9001. */
export function aGroup(over: Partial<TaskGroup> = {}): TaskGroup {
  return {
    name: "api",
    count: 1,
    network: { mode: "bridge", ports: [] },
    services: [aMeshService()],
    tasks: [aTask()],
    restart: { attempts: 2, interval: 1_800_000, delay: 15_000, mode: "fail" },
    reschedule: {
      attempts: 0,
      interval: 0,
      delay: 30_000,
      delayFunction: "exponential",
      maxDelay: 3_600_000,
      unlimited: true,
    },
    meta: {},
    shutdownDelay: 0,
    ...over,
  };
}

export function aJob(over: Partial<Job> = {}): Job {
  return {
    id: "shop",
    name: "shop",
    type: "service",
    region: "global",
    namespace: "default",
    priority: 50,
    datacenters: ["dc1"],
    meta: {},
    groups: [aGroup()],
    ...over,
  };
}

export function aRef(over: Partial<AllocRef> = {}): AllocRef {
  return { job: "shop", group: "api", index: 0, alloc: ALLOC, ...over };
}

export function aContainer(over: Partial<Container> = {}): Container {
  const ref = over.ref ?? aRef();
  return {
    id: "c1",
    name: "web",
    role: "task",
    ref,
    image: "app:1",
    state: "running",
    networkMode: "container:infra-1",
    createdAt: NOW - 10_000,
    startedAt: NOW - 10_000,
    oomKilled: false,
    ...over,
    labels: { ...allocLabels("remora", ref), ...over.labels },
  };
}

/** The infra container that other containers of the builders join. */
export function anInfra(over: Partial<Container> = {}): Container {
  return aContainer({
    id: "infra-1",
    name: `remora-infra-${ALLOC}`,
    role: "infra",
    networkMode: "remora",
    createdAt: NOW - 20_000,
    startedAt: NOW - 20_000,
    ...over,
  });
}

export function aTaskContainer(task = "web", over: Partial<Container> = {}): Container {
  return aContainer({
    id: `task-${task}`,
    name: `${task}-${ALLOC}`,
    ...over,
    labels: { [LABEL.task]: task, ...over.labels },
  });
}

export function aSidecarContainer(service = "api", over: Partial<Container> = {}): Container {
  return aContainer({
    id: `sidecar-${service}`,
    name: `connect-proxy-${service}-${ALLOC}`,
    role: "sidecar",
    ...over,
    labels: { [LABEL.service]: service, [LABEL.generation]: "0", ...over.labels },
  });
}

export function aVolume(over: Partial<Volume> = {}): Volume {
  const ref = over.ref ?? aRef();
  return { name: `remora-${ref.alloc}-alloc`, ref, labels: {}, createdAt: NOW - 20_000, ...over };
}

export function aToken(over: Partial<Token> = {}): Token {
  return { accessor: "accessor-0", ref: aRef(), service: "api", generation: 0, createdAt: NOW - 10_000, ...over };
}

export function aRegistration(over: Partial<Registration> = {}): Registration {
  return {
    id: `_remora-${ALLOC}-group-api-api-9001`,
    kind: "",
    name: "api",
    ref: aRef(),
    tags: [],
    meta: {},
    address: "",
    port: 9001,
    enableTagOverride: false,
    checks: [],
    inAgent: true,
    inCatalog: true,
    catalogStatus: "passing",
    ...over,
  };
}

export function byId<T extends { readonly id: string }>(...items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

/** What exists of an allocation: nothing, unless said. */
export function anObserved(over: Partial<AllocView> = {}): AllocView {
  return aView({ ports: [], ...over });
}

/** One allocation of `group`, of which nothing exists yet, with ports from 20000 on. */
export function aView(over: Partial<AllocView> = {}): AllocView {
  const settings = over.settings ?? aSettings();
  const group = over.group ?? over.job?.groups[0] ?? aGroup();
  const job = over.job ?? aJob({ groups: [group] });
  const ports = allocatePorts(group, settings, new Set(), () => 0);
  if (ports === undefined) throw new Error("the builders' port range is used up");
  return {
    ref: aRef({ job: job.id, group: group.name }),
    settings,
    now: NOW,
    job,
    group,
    attempt: 0,
    revision: revisionOf(job, group, settings),
    ports,
    probe: { sidecars: new Map() },
    memory: NO_MEMORY,
    sidecars: new Map(),
    tasks: new Map(),
    volumes: [],
    registrations: new Map(),
    tokens: [],
    ...over,
  };
}

export function anError(summary = "broken", file = "a.hcl"): Diagnostic {
  return { severity: "error", file, line: 1, column: 1, summary };
}

/** The first, which must be there. */
export function first<T>(items: Iterable<T>): T {
  for (const item of items) return item;
  throw new Error("there is nothing");
}
