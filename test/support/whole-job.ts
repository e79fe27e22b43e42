/** A job in which every field of the model says something: a field that is added to the model has to be added here. */
import type { Job, Service, Task, TaskGroup } from "../../src/model/job.ts";

/** No field may be left out. */
type Whole<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Whole<Item>[]
    : string extends keyof T
      ? T
      : { readonly [K in keyof T]-?: Whole<NonNullable<T[K]>> };

const restart = { attempts: 3, interval: 60_000, delay: 5_000, mode: "delay" } as const;

const task: Whole<Task> = {
  name: "web",
  driver: "docker",
  user: "1000",
  config: {
    image: "app:1",
    command: "serve",
    args: ["-v", ""],
    entrypoint: ["/bin/app"],
    labels: { team: "shop", empty: "" },
    workDir: "/srv",
    forcePull: true,
    capAdd: ["net_raw"],
    capDrop: ["chown"],
    readonlyRootfs: true,
  },
  env: { B: "2", A: "1", EMPTY: "" },
  resources: { cpu: 200, memory: 256 },
  restart,
  meta: { owner: "task", mine: "" },
  lifecycle: { hook: "poststart", sidecar: true },
  leader: true,
  killTimeout: 10_000,
  killSignal: "SIGINT",
  shutdownDelay: 1_000,
};

const service: Whole<Service> = {
  name: "shop-api",
  port: "http",
  tags: ["v1"],
  meta: { a: "b" },
  addressMode: "auto",
  enableTagOverride: true,
  task: "web",
  checks: [
    {
      name: "alive",
      type: "http",
      interval: 10_000,
      timeout: 2_000,
      port: "http",
      path: "/health",
      protocol: "https",
      method: "GET",
      header: { "X-A": ["1"] },
      body: "ping",
      grpcService: "g",
      grpcUseTls: true,
      tlsSkipVerify: true,
      initialStatus: "warning",
      successBeforePassing: 1,
      failuresBeforeCritical: 2,
      expose: true,
    },
  ],
  connect: {
    sidecarService: {
      tags: ["side"],
      port: "side",
      disableDefaultTcpCheck: true,
      proxy: {
        localServiceAddress: "127.0.0.2",
        localServicePort: 9001,
        upstreams: [
          {
            destinationName: "count-api",
            destinationNamespace: "default",
            datacenter: "dc1",
            localBindPort: 8080,
            localBindAddress: "127.0.0.3",
            meshGatewayMode: "local",
          },
        ],
        config: { protocol: "http", envoy_stats_tags: ["a=b"] },
        expose: [{ path: "/health", protocol: "http", localPathPort: 9001, listenerPort: "http" }],
      },
    },
    sidecarTask: {
      name: "side",
      user: "101",
      image: "envoy:1",
      command: "envoy",
      args: ["-l", "info"],
      entrypoint: ["/bin/envoy"],
      env: { C: "3" },
      resources: { cpu: 50, memory: 64 },
      killTimeout: 3_000,
      killSignal: "SIGTERM",
      shutdownDelay: 500,
    },
  },
};

const group: Whole<TaskGroup> = {
  name: "api",
  count: 2,
  network: {
    mode: "bridge",
    ports: [
      { label: "http", static: 8080, to: 80 },
      { label: "side", static: 8081, to: 0 },
    ],
    dns: { servers: ["10.0.0.2"], searches: ["local"], options: ["ndots:2"] },
    hostname: "shop",
  },
  services: [service],
  tasks: [task],
  restart,
  reschedule: {
    attempts: 1,
    interval: 60_000,
    delay: 5_000,
    delayFunction: "constant",
    maxDelay: 60_000,
    unlimited: true,
  },
  meta: { owner: "group", g: "1" },
  shutdownDelay: 2_000,
};

export const wholeJob: Whole<Job> = {
  id: "shop",
  name: "shop",
  type: "service",
  region: "global",
  namespace: "default",
  priority: 50,
  datacenters: ["dc1"],
  meta: { owner: "job", j: "1" },
  groups: [group],
};
