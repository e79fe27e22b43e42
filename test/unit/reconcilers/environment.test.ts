/** The variables of a task: Nomad's, told as Nomad tells them, and the task's own that refer to them. */
import { describe, expect, test } from "vitest";
import { groupValues, interpolateGroup, taskEnvironment, taskValues } from "../../../src/reconcilers/environment.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  aGroup,
  ALLOC,
  aJob,
  aMeshService,
  anUpstream,
  aPort,
  aSettings,
  aTask,
  aView,
  first,
} from "../../support/builders.ts";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";

function viewOf(group = aGroup(), over: Partial<AllocView> = {}): AllocView {
  return aView({ job: { ...countdash(), groups: [group] }, group, ...over });
}

function environmentOf(view: AllocView): Record<string, string> {
  return taskEnvironment(view, first(view.group.tasks));
}

describe("the environment of countdash", () => {
  test("of the dashboard is Nomad's, with the address of its upstream put into its own variable", () => {
    expect(environmentOf(viewOf(countdashDashboard()))).toEqual({
      COUNTING_SERVICE_URL: "http://127.0.0.1:8080",
      NOMAD_ADDR_connect_proxy_count_dashboard: "10.0.0.5:20000",
      NOMAD_ADDR_http: "10.0.0.5:9002",
      NOMAD_ALLOC_DIR: "/alloc",
      NOMAD_ALLOC_ID: ALLOC,
      NOMAD_ALLOC_INDEX: "0",
      NOMAD_ALLOC_NAME: "countdash.dashboard[0]",
      NOMAD_ALLOC_PORT_connect_proxy_count_dashboard: "20000",
      NOMAD_ALLOC_PORT_http: "9002",
      NOMAD_CPU_LIMIT: "100",
      NOMAD_DC: "dc1",
      NOMAD_GROUP_NAME: "dashboard",
      NOMAD_HOST_ADDR_connect_proxy_count_dashboard: "10.0.0.5:20000",
      NOMAD_HOST_ADDR_http: "10.0.0.5:9002",
      NOMAD_HOST_IP_connect_proxy_count_dashboard: "10.0.0.5",
      NOMAD_HOST_IP_http: "10.0.0.5",
      NOMAD_HOST_PORT_connect_proxy_count_dashboard: "20000",
      NOMAD_HOST_PORT_http: "9002",
      NOMAD_IP_connect_proxy_count_dashboard: "10.0.0.5",
      NOMAD_IP_http: "10.0.0.5",
      NOMAD_JOB_ID: "countdash",
      NOMAD_JOB_NAME: "countdash",
      NOMAD_MEMORY_LIMIT: "300",
      NOMAD_NAMESPACE: "default",
      NOMAD_PORT_connect_proxy_count_dashboard: "20000",
      NOMAD_PORT_http: "9002",
      NOMAD_REGION: "global",
      NOMAD_SECRETS_DIR: "/secrets",
      NOMAD_SHORT_ALLOC_ID: ALLOC.slice(0, 8),
      NOMAD_TASK_DIR: "/local",
      NOMAD_TASK_NAME: "dashboard",
      NOMAD_UPSTREAM_ADDR_count_api: "127.0.0.1:8080",
      NOMAD_UPSTREAM_IP_count_api: "127.0.0.1",
      NOMAD_UPSTREAM_PORT_count_api: "8080",
    });
  });

  test("of the API tells the port of its own sidecar and no upstream", () => {
    const env = environmentOf(viewOf(countdashApi()));
    expect(env).toMatchObject({ NOMAD_PORT_connect_proxy_count_api: "20000", NOMAD_TASK_NAME: "web" });
    expect(Object.keys(env).filter((name) => name.startsWith("NOMAD_UPSTREAM"))).toEqual([]);
  });
});

describe("a port's variables", () => {
  const group = aGroup({ network: { mode: "bridge", ports: [aPort({ label: "web", static: 80, to: 8080 })] } });

  test("tell the port inside the namespace, and that of the host apart from it", () => {
    expect(environmentOf(viewOf(group))).toMatchObject({
      NOMAD_PORT_web: "8080",
      NOMAD_ALLOC_PORT_web: "8080",
      NOMAD_HOST_PORT_web: "80",
      NOMAD_ADDR_web: "10.0.0.5:80",
    });
  });

  test("are not told of the ports that only Remora uses", () => {
    expect(JSON.stringify(environmentOf(viewOf(group)))).not.toContain("remora-ready");
    expect(Object.keys(environmentOf(viewOf(group))).filter((name) => name.includes("remora"))).toEqual([]);
  });

  test("can be referred to by the label as it is written and by its cleaned name", () => {
    const task = aTask({ env: { RAW: "${NOMAD_PORT_connect-proxy-api}", CLEAN: "${NOMAD_PORT_connect_proxy_api}" } });
    const env = environmentOf(viewOf(aGroup({ tasks: [task] })));
    expect(env).toMatchObject({ RAW: "20000", CLEAN: "20000" });
  });
});

describe("upstream variables", () => {
  test("tell a bind address of the user's as it is", () => {
    const upstreams = [anUpstream({ destinationName: "db", localBindAddress: "127.0.0.2", localBindPort: 5432 })];
    const env = environmentOf(viewOf(aGroup({ services: [aMeshService({}, { upstreams })] })));
    expect(env).toMatchObject({ NOMAD_UPSTREAM_ADDR_db: "127.0.0.2:5432", NOMAD_UPSTREAM_IP_db: "127.0.0.2" });
  });
});

describe("meta", () => {
  const job = aJob({ meta: { level: "job", where: "job" } });
  const group = aGroup({ meta: { level: "group" }, tasks: [aTask({ meta: { level: "task", own: "yes" } })] });

  test("is told under its key and in capitals, the nearest level winning", () => {
    expect(environmentOf(aView({ job, group }))).toMatchObject({
      NOMAD_META_level: "task",
      NOMAD_META_LEVEL: "task",
      NOMAD_META_where: "job",
      NOMAD_META_OWN: "yes",
    });
  });

  test("of a task is not known to the group's services", () => {
    const values = groupValues(aView({ job, group }));
    expect(values.get("NOMAD_META_level")).toBe("group");
    expect(values.get("NOMAD_META_own")).toBeUndefined();
    expect(values.get("NOMAD_TASK_NAME")).toBeUndefined();
  });
});

describe("texts", () => {
  test("may refer to the node", () => {
    const view = aView({ settings: aSettings({ node: "host-7", datacenter: "dc7" }) });
    expect(interpolateGroup(view, "${node.unique.name}.${node.datacenter}")).toBe("host-7.dc7");
    expect(interpolateGroup(view, "${attr.unique.network.ip-address}")).toBe("10.0.0.5");
  });

  test("keep what is not known, and the task's own variables win", () => {
    const task = aTask({ env: { NOMAD_DC: "mine", ODD: "${nothing.known}" } });
    const env = environmentOf(viewOf(aGroup({ tasks: [task] })));
    expect(env).toMatchObject({ NOMAD_DC: "mine", ODD: "${nothing.known}" });
  });

  test("of a task know its name", () => {
    const view = aView();
    expect(taskValues(view, first(view.group.tasks)).get("NOMAD_TASK_NAME")).toBe("web");
  });
});

test("every name of a variable is one that a shell takes", () => {
  const names = Object.keys(environmentOf(viewOf(countdashDashboard())));
  expect(names.filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))).toEqual([]);
});
