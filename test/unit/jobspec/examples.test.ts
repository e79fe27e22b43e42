/** The example jobs: what they mean, and that HCL and YAML say the same. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Job, RestartPolicy, Service, Task } from "../../../src/model/job.ts";
import { jobOf } from "./support.ts";

const HCL = read("countdash/countdash.nomad.hcl");
const YAML = read("countdash-yaml/countdash.yaml");

function read(path: string): string {
  return readFileSync(new URL(`../../../examples/${path}`, import.meta.url), "utf8");
}

const RESTART: RestartPolicy = { attempts: 2, interval: 1_800_000, delay: 15_000, mode: "fail" };

function service(name: string, port: string, upstreams: readonly { name: string; port: number }[]): Service {
  return {
    name,
    port,
    tags: [],
    meta: {},
    addressMode: "auto",
    enableTagOverride: false,
    checks: [],
    connect: {
      sidecarService: {
        port: "",
        disableDefaultTcpCheck: false,
        proxy: {
          localServiceAddress: "",
          localServicePort: 0,
          upstreams: upstreams.map((upstream) => ({
            destinationName: upstream.name,
            destinationNamespace: "",
            datacenter: "",
            localBindPort: upstream.port,
            localBindAddress: "",
            meshGatewayMode: "",
          })),
          config: {},
        },
      },
      sidecarTask: {},
    },
  };
}

function task(name: string, image: string, env: Record<string, string>): Task {
  return {
    name,
    driver: "docker",
    user: "",
    config: { image, args: [], labels: {}, forcePull: false, capAdd: [], capDrop: [], readonlyRootfs: false },
    env,
    resources: { cpu: 100, memory: 300 },
    restart: RESTART,
    meta: {},
    leader: false,
    killTimeout: 5000,
    killSignal: "",
    shutdownDelay: 0,
  };
}

const GROUP = {
  count: 1,
  restart: RESTART,
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
} as const;

const COUNTDASH: Job = {
  id: "countdash",
  name: "countdash",
  type: "service",
  region: "global",
  namespace: "default",
  priority: 50,
  datacenters: ["dc1"],
  meta: {},
  groups: [
    {
      ...GROUP,
      name: "api",
      network: { mode: "bridge", ports: [] },
      services: [service("count-api", "9001", [])],
      tasks: [task("web", "hashicorpdev/counter-api:v3", {})],
    },
    {
      ...GROUP,
      name: "dashboard",
      network: { mode: "bridge", ports: [{ label: "http", static: 9002, to: 9002 }] },
      services: [service("count-dashboard", "http", [{ name: "count-api", port: 8080 }])],
      tasks: [
        task("dashboard", "hashicorpdev/counter-dashboard:v3", {
          COUNTING_SERVICE_URL: "http://${NOMAD_UPSTREAM_ADDR_count_api}",
        }),
      ],
    },
  ],
};

test("countdash.nomad.hcl is the job that its document describes, with Nomad's defaults", () => {
  expect(jobOf(HCL)).toEqual(COUNTDASH);
});

test("the YAML example means the same as the HCL example", () => {
  expect(jobOf(YAML, "countdash.yaml")).toEqual(jobOf(HCL));
});

test("the HCL example ends in exactly one line end and uses no tabs or carriage returns", () => {
  expect(HCL).toMatch(/[^\n]\n$/);
  expect(HCL).not.toMatch(/[\t\r]/);
});
