/** The containers of an allocation as they are asked for: namespace, sidecar, task; and never a secret in any of them. */
import { describe, expect, test } from "vitest";
import type { ContainerSpec } from "../../../src/model/container.ts";
import type { Connect } from "../../../src/model/job.ts";
import { LABEL } from "../../../src/model/labels.ts";
import { readPorts } from "../../../src/model/ports.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import type { Step } from "../../../src/model/step.ts";
import { namespaceSpec, planNamespace } from "../../../src/reconcilers/namespace.ts";
import { planSidecar } from "../../../src/reconcilers/sidecar.ts";
import { planTasks } from "../../../src/reconcilers/task.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  aConnect,
  aGroup,
  ALLOC,
  anInfra,
  anUpstream,
  aPort,
  aRef,
  aService,
  aSettings,
  aTask,
  aToken,
  aView,
  byId,
  first,
} from "../../support/builders.ts";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";
import { entriesOf } from "../../support/registered.ts";

/** An allocation whose namespace runs and whose services are registered. */
function provisioned(group = countdashDashboard(), over: Partial<AllocView> = {}): AllocView {
  const job = { ...countdash(), groups: [group] };
  const ref = aRef({ job: job.id, group: group.name });
  const tokens = group.services.map(({ name }) => aToken({ ref, service: name }));
  const view = aView({ job, group, ref, tokens, infra: anInfra({ ref }), ...over });
  const entries = group.services.flatMap((service) => entriesOf(registrationSpec(view, service, "gated"), ref));
  return { ...view, registrations: byId(...entries) };
}

function runStep(steps: readonly Step[]): Extract<Step, { kind: "run-member" }> {
  const step = steps.find(({ kind }) => kind === "run-member");
  if (step?.kind !== "run-member") throw new Error("nothing is run");
  return step;
}

function sidecarStep(view = provisioned()): Extract<Step, { kind: "run-member" }> {
  return runStep(planSidecar(view, first(view.group.services)).steps);
}

function taskSpec(view = provisioned()): ContainerSpec {
  return runStep(planTasks(view).steps).spec;
}

describe("the infra container", () => {
  const spec = namespaceSpec(provisioned());

  test("joins the instance's network and publishes declared ports on all addresses, the sidecar's on its own", () => {
    expect(spec.network).toEqual({ kind: "bridge", name: "remora" });
    expect(spec.publish).toEqual([
      { hostIp: "0.0.0.0", hostPort: 9002, containerPort: 9002, protocols: ["tcp", "udp"] },
      { hostIp: "10.0.0.5", hostPort: 20_000, containerPort: 20_000, protocols: ["tcp"] },
      { hostIp: "127.0.0.1", hostPort: 20_001, containerPort: 20_001, protocols: ["tcp"] },
    ]);
  });

  test("mounts every volume of the allocation, for files are put through it", () => {
    expect(spec.mounts.map(({ target }) => target)).toEqual([
      "/alloc",
      "/tasks/local-dashboard",
      "/tasks/secrets-dashboard",
      "/tasks/secrets-connect-proxy-count-dashboard",
    ]);
    expect(new Set(spec.mounts.map(({ volume }) => volume.name)).size).toBe(spec.mounts.length);
  });

  test("keeps a sidecar's secrets in memory, for its user alone", () => {
    const secrets = spec.mounts.find(({ target }) => target === "/tasks/secrets-connect-proxy-count-dashboard");
    expect(secrets?.volume.tmpfs).toEqual({ sizeMb: 1, mode: "0700", uid: 101 });
    const tasks = spec.mounts.find(({ target }) => target === "/tasks/secrets-dashboard");
    expect(tasks?.volume.tmpfs).toMatchObject({ mode: "0777" });
    const local = spec.mounts.find(({ target }) => target === "/tasks/local-dashboard");
    expect(local?.volume.tmpfs).toBeUndefined();
  });

  test("tells in its labels all that a new process needs", () => {
    expect(spec.labels).toMatchObject({
      [LABEL.instance]: "remora",
      [LABEL.role]: "infra",
      [LABEL.job]: "countdash",
      [LABEL.alloc]: ALLOC,
      [LABEL.attempt]: "0",
    });
    expect(readPorts(spec.labels[LABEL.ports])?.map(({ value }) => value)).toEqual([9002, 20_000, 20_001]);
    expect(spec.labels[LABEL.spec]).toContain("count-dashboard");
  });

  test("does nothing but hold: no capabilities, no new privileges, no restarts by Docker", () => {
    expect(spec).toMatchObject({ capDrop: ["ALL"], capAdd: [], noNewPrivileges: true, restart: "no", env: {} });
  });

  test("publishes nothing on the host's network, and takes name and DNS of the group, interpolated, on a bridge", () => {
    const dns = { servers: ["${NOMAD_IP_http}"], searches: [], options: [] };
    const network = { mode: "bridge", ports: [aPort()], hostname: "h-${NOMAD_ALLOC_INDEX}", dns } as const;
    expect(namespaceSpec(aView({ group: aGroup({ network }) }))).toMatchObject({
      hostname: "h-0",
      dns: { servers: ["10.0.0.5"] },
    });
    const host = namespaceSpec(aView({ group: aGroup({ network: { ...network, mode: "host" }, services: [] }) }));
    expect(host).toMatchObject({ network: { kind: "host" }, publish: [] });
    expect(host).not.toHaveProperty("hostname");
    expect(host).not.toHaveProperty("dns");
  });

  test.each([
    ["absent", undefined, ["create-namespace"]],
    ["created", anInfra({ state: "created" }), ["start-namespace"]],
    ["exited", anInfra({ state: "exited" }), ["start-namespace"]],
    ["dead", anInfra({ state: "dead" }), ["remove-container"]],
    ["running", anInfra(), []],
    ["paused", anInfra({ state: "paused" }), []],
    ["removing", anInfra({ state: "removing" }), []],
  ] as const)("that is %s is dealt with", (_, infra, kinds) => {
    const due = planNamespace(aView(infra === undefined ? {} : { infra }));
    expect(due.steps.map(({ kind }) => kind)).toEqual(kinds);
    expect(due.waiting === undefined).toBe(infra?.state === "running");
  });
});

describe("the sidecar's container", () => {
  test("runs Consul's proxy, told everything by arguments", () => {
    expect(sidecarStep().spec).toMatchObject({
      image: "consul:1",
      entrypoint: ["consul"],
      command: "connect proxy -service count-dashboard -service-addr 127.0.0.1:9002 -listen :20000"
        .split(" ")
        .concat("-upstream", "count-api:127.0.0.1:8080"),
      env: { CONSUL_HTTP_ADDR: "unix:///consul/http.sock", CONSUL_HTTP_TOKEN_FILE: "/secrets/token" },
    });
  });

  test("joins the living namespace as an ordinary user, and can change nothing", () => {
    expect(sidecarStep().spec).toMatchObject({
      network: { kind: "container", id: "infra-1" },
      publish: [],
      user: "101:101",
      capDrop: ["ALL"],
      readonlyRootfs: true,
      noNewPrivileges: true,
      restart: "no",
      memory: 128 * 1024 * 1024,
    });
  });

  test("mounts its secrets and the relay's sockets, both to read only", () => {
    const { mounts } = sidecarStep().spec;
    expect(mounts.map(({ target, readOnly }) => [target, readOnly])).toEqual([
      ["/secrets", true],
      ["/consul", true],
    ]);
  });

  test("gets its token by accessor, through the infra container, for its user alone", () => {
    expect(sidecarStep()).toMatchObject({
      infra: "infra-1",
      files: [
        { directory: "/tasks/secrets-connect-proxy-count-dashboard", name: "token", accessor: "accessor-0", uid: 101 },
      ],
    });
  });

  test("without ACLs has neither token nor file of one", () => {
    const step = sidecarStep(provisioned(countdashApi(), { settings: aSettings({ aclsEnabled: false }), tokens: [] }));
    expect(step.files).toEqual([]);
    expect(step.spec.env).toEqual({ CONSUL_HTTP_ADDR: "unix:///consul/http.sock" });
  });

  test("goes to Consul directly when the operator says so", () => {
    const settings = aSettings({ consulForGroups: "http://10.0.0.9:8500" });
    const { spec } = sidecarStep(provisioned(countdashApi(), { settings }));
    expect(spec.env["CONSUL_HTTP_ADDR"]).toBe("http://10.0.0.9:8500");
    expect(spec.mounts.map(({ target }) => target)).toEqual(["/secrets"]);
  });

  test("is what the job's sidecar_task says, where it says something", () => {
    const own = {
      image: "envoy:2",
      user: "1000",
      command: "run",
      args: ["--all"],
      entrypoint: ["/e"],
      env: { A: "1" },
      resources: { memory: 64, cpu: 50 },
      killSignal: "SIGINT",
      killTimeout: 9_000,
    };
    const group = aGroup({ services: [aService({ connect: aConnect({}, {}, own) })] });
    const { spec, files } = sidecarStep(provisioned(group));
    expect(spec).toMatchObject({
      image: "envoy:2",
      user: "1000",
      entrypoint: ["/e"],
      command: ["run", "--all"],
      env: { A: "1", CONSUL_HTTP_TOKEN_FILE: "/secrets/token" },
      memory: 64 * 1024 * 1024,
      cpuShares: 50,
    });
    expect(JSON.parse(spec.labels[LABEL.stop] ?? "")).toMatchObject({
      signal: "SIGINT",
      timeout: 9_000,
      rank: "proxy",
    });
    expect(files).toMatchObject([{ uid: 1000 }]);
  });

  test("has the texts of its sidecar_task interpolated", () => {
    const own = {
      image: "proxy:${NOMAD_META_v}",
      entrypoint: ["/bin/${NOMAD_META_v}"],
      args: ["--alloc", "${NOMAD_ALLOC_INDEX}"],
      env: { JOB: "${NOMAD_JOB_ID}" },
    };
    const group = aGroup({ services: [aService({ connect: aConnect({}, {}, own) })], meta: { v: "3" } });
    expect(sidecarStep(provisioned(group)).spec).toMatchObject({
      image: "proxy:3",
      entrypoint: ["/bin/3"],
      command: ["--alloc", "0"],
      env: { JOB: "countdash", CONSUL_HTTP_TOKEN_FILE: "/secrets/token" },
    });
  });

  test("runs the command of its sidecar_task before its args, which are the proxy's own where it says nothing", () => {
    const commandOf = (own: Connect["sidecarTask"]): readonly string[] | undefined => {
      const group = aGroup({ services: [aService({ connect: aConnect({}, {}, own) })] });
      return sidecarStep(provisioned(group)).spec.command;
    };
    expect(commandOf({ command: "run-${NOMAD_ALLOC_INDEX}" })?.slice(0, 3)).toEqual(["run-0", "connect", "proxy"]);
    expect(commandOf({ args: [] })).toEqual([]);
    expect(commandOf({ command: "run", args: ["-v"] })).toEqual(["run", "-v"]);
    expect(commandOf({ env: {} })?.slice(0, 2)).toEqual(["connect", "proxy"]);
  });

  test("binds every upstream where the job says", () => {
    const upstreams = [
      anUpstream(),
      anUpstream({ destinationName: "db", localBindAddress: "127.0.0.2", localBindPort: 5 }),
    ];
    const group = aGroup({ services: [aService({ connect: aConnect({ upstreams }) })] });
    expect(sidecarStep(provisioned(group)).spec.command?.slice(-4)).toEqual([
      "-upstream",
      "count-api:127.0.0.1:8080",
      "-upstream",
      "db:127.0.0.2:5",
    ]);
  });

  test("is not started before its service is registered, has its token and its namespace runs", () => {
    const view = provisioned();
    const service = first(view.group.services);
    const without: readonly Partial<AllocView>[] = [
      { registrations: new Map() },
      { tokens: [] },
      { infra: anInfra({ state: "exited" }) },
    ];
    for (const lack of without) expect(planSidecar({ ...view, ...lack }, service).steps).toEqual([]);
  });
});

describe("a task's container", () => {
  test("is what the job says, in the namespace of the group, with its directories", () => {
    const spec = taskSpec();
    expect(spec).toMatchObject({
      name: `dashboard-${ALLOC}`,
      image: "hashicorpdev/counter-dashboard:v3",
      network: { kind: "container", id: "infra-1" },
      env: { COUNTING_SERVICE_URL: "http://127.0.0.1:8080" },
      memory: 300 * 1024 * 1024,
      cpuShares: 100,
      capDrop: ["NET_RAW"],
      restart: "no",
    });
    expect(spec.mounts.map(({ target }) => target)).toEqual(["/alloc", "/local", "/secrets"]);
    expect(spec).not.toHaveProperty("entrypoint");
    expect(spec).not.toHaveProperty("command");
    expect(spec).not.toHaveProperty("user");
  });

  test("shares its volumes with the infra container by name", () => {
    const view = provisioned();
    const known = new Set(namespaceSpec(view).mounts.map(({ volume }) => volume.name));
    for (const { volume } of taskSpec(view).mounts) expect(known).toContain(volume.name);
    expect(known).toContain(sidecarStep(view).spec.mounts[0]?.volume.name);
  });

  test("has its texts interpolated, and its own labels under Remora's, which win", () => {
    const config = {
      image: "app:${NOMAD_META_version}",
      command: "run",
      args: ["${NOMAD_PORT_http}", "${unknown}"],
      labels: { own: "${NOMAD_JOB_ID}", [LABEL.alloc]: "forged" },
    };
    const group = aGroup({
      network: { mode: "bridge", ports: [aPort({ to: 80 })] },
      tasks: [aTask({ user: "u-${NOMAD_ALLOC_INDEX}", meta: { version: "3" } }, config)],
    });
    const spec = taskSpec(provisioned(group));
    expect(spec).toMatchObject({ image: "app:3", command: ["run", "80", "${unknown}"], user: "u-0" });
    expect(spec.labels).toMatchObject({ own: "countdash", [LABEL.alloc]: ALLOC });
  });

  test.each([
    [[], [], ["NET_RAW"]],
    [["NET_RAW"], [], []],
    [["net_raw"], ["CHOWN"], ["CHOWN"]],
    [["ALL"], [], []],
    [["SYS_TIME"], ["CHOWN"], ["CHOWN", "NET_RAW"]],
  ] as const)("that adds %j and drops %j drops %j", (capAdd, capDrop, dropped) => {
    const group = aGroup({ tasks: [aTask({}, { capAdd, capDrop })] });
    expect(taskSpec(provisioned(group)).capDrop).toEqual(dropped);
  });

  test("does not start while the namespace does not run", () => {
    expect(planTasks(provisioned(countdashApi(), { infra: anInfra({ state: "exited" }) })).steps).toEqual([]);
  });
});

test("no container of an allocation is told a secret: only accessors, and those not in its spec", () => {
  const view = provisioned();
  const specs = [namespaceSpec(view), sidecarStep(view).spec, taskSpec(view)];
  expect(JSON.stringify(specs)).not.toContain("accessor-0");
});
