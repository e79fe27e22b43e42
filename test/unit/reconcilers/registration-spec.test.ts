/** The registration of a service as it should be: Nomad's payload under Remora's ids, gated and open. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Service, TaskGroup } from "../../../src/model/job.ts";
import type { CheckSpec, ServiceSpec } from "../../../src/model/registration.ts";
import { localPortOf, notListening, registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  aCheck,
  aConnect,
  aGroup,
  ALLOC,
  aMeshService,
  anUpstream,
  aPort,
  aRef,
  aService,
  aToken,
  aView,
  first,
} from "../../support/builders.ts";
import { countdash, countdashApi, countdashDashboard } from "../../support/countdash.ts";

function viewOf(group: TaskGroup, over: Partial<AllocView> = {}): AllocView {
  const job = { ...countdash(), groups: [group] };
  const ref = aRef({ job: "countdash", group: group.name });
  const tokens = group.services.map(({ name }) => aToken({ ref, service: name }));
  return aView({ job, group, ref, tokens, ...over });
}

function specOf(group: TaskGroup, state: "gated" | "open" = "open", over: Partial<AllocView> = {}): ServiceSpec {
  return registrationSpec(viewOf(group, over), first(group.services), state);
}

/** The only service of a bridge group with a port "http" (20000 → 8080). */
function specFor(service: Service, state: "gated" | "open" = "open"): ServiceSpec {
  return specOf(aGroup({ network: { mode: "bridge", ports: [aPort({ to: 8080 })] }, services: [service] }), state);
}

const marks = {
  "external-source": "remora",
  "remora-instance": "remora",
  "remora-job": "countdash",
  "remora-index": "0",
  "remora-alloc": ALLOC,
  "remora-token-generation": "0",
};

const deadMan = (check: Pick<CheckSpec, "name" | "probe">): Partial<CheckSpec> => ({
  ...check,
  status: "passing",
  deregisterAfter: 3_600_000,
});

const everyTenSeconds = (address: string): CheckSpec["probe"] => ({
  kind: "tcp",
  address,
  interval: 10_000,
  timeout: 3_000,
});

describe("countdash's API", () => {
  const id = `_remora-${ALLOC}-group-api-count-api-9001`;
  const proxy = {
    localServiceAddress: "127.0.0.1",
    localServicePort: 9001,
    upstreams: [],
    config: { bind_address: "0.0.0.0", bind_port: 20_000 },
    expose: [],
  };
  const common = {
    id,
    name: "count-api",
    tags: [],
    meta: { ...marks, "remora-group": "api" },
    address: "",
    port: 9001,
    enableTagOverride: false,
  };

  test("open is Nomad's payload under our own ids and marks, with the dead-man's checks", () => {
    expect(specOf(countdashApi())).toEqual({
      ...common,
      checks: [
        {
          id: expect.stringMatching(/:/),
          ...deadMan({ name: "Remora dead-man", probe: everyTenSeconds("10.0.0.5:20000") }),
        },
      ],
      sidecar: {
        address: "10.0.0.5",
        port: 20_000,
        proxy,
        checks: [
          {
            id: expect.stringMatching(/:/),
            name: `Connect Sidecar Aliasing ${id}`,
            status: "passing",
            probe: { kind: "alias", service: id },
          },
          {
            id: expect.stringMatching(/:/),
            ...deadMan({ name: "Connect Sidecar Listening", probe: everyTenSeconds("10.0.0.5:20000") }),
          },
        ],
      },
    });
  });

  test("gated is the same with one critical TTL check each and nothing else", () => {
    const gate = (of: string): CheckSpec => ({
      id: `${of}:gate`,
      name: "Remora: count-api is not ready yet",
      status: "critical",
      probe: { kind: "ttl", ttl: 86_400_000 },
    });
    expect(specOf(countdashApi(), "gated")).toEqual({
      ...common,
      checks: [gate(id)],
      sidecar: { address: "10.0.0.5", port: 20_000, proxy, checks: [gate(`${id}-sidecar-proxy`)] },
    });
  });
});

describe("countdash's dashboard", () => {
  test("is registered at the host's port, and its sidecar finds the app at the port of the namespace", () => {
    const spec = specOf(countdashDashboard());
    expect(spec).toMatchObject({
      id: `_remora-${ALLOC}-group-dashboard-count-dashboard-http`,
      address: "10.0.0.5",
      port: 9002,
      sidecar: {
        address: "10.0.0.5",
        port: 20_000,
        proxy: {
          localServicePort: 9002,
          upstreams: [
            {
              destinationName: "count-api",
              destinationNamespace: "",
              datacenter: "",
              localBindAddress: "127.0.0.1",
              localBindPort: 8080,
              meshGatewayMode: "",
            },
          ],
        },
      },
    });
  });
});

describe("the port of the app", () => {
  test("is that inside the namespace for a named port whose `to` is another", () => {
    const spec = specFor(aMeshService({ port: "http" }));
    expect(spec).toMatchObject({ port: 20_000, sidecar: { proxy: { localServicePort: 8080 } } });
  });

  test("is the user's own if the proxy names one", () => {
    const spec = specFor(aMeshService({ port: "http" }, { localServicePort: 7000, localServiceAddress: "127.0.0.9" }));
    expect(spec.sidecar?.proxy).toMatchObject({ localServicePort: 7000, localServiceAddress: "127.0.0.9" });
  });

  test("is 0 for a service that only calls others", () => {
    const service = aMeshService({ port: "" });
    expect(specFor(service)).toMatchObject({ address: "", port: 0 });
    expect(localPortOf(aView(), service)).toBe(0);
  });

  test("is what is waited for before a service is told to be ready", () => {
    const view = aView();
    expect(notListening(view)).toBe("the app of api does not listen on port 9001 of its namespace yet");
    expect(notListening({ ...view, probe: { listening: new Set([9001]), sidecars: new Map() } })).toBeUndefined();
  });
});

describe("checks of the job", () => {
  const withCheck = (over: Parameters<typeof aCheck>[0]): CheckSpec =>
    first(specFor(aService({ port: "http", checks: [aCheck(over)] })).checks);

  test("ask the advertised address at the service's port", () => {
    expect(withCheck({ path: "/health", method: "HEAD", header: { A: ["b"] } })).toMatchObject({
      name: 'service: "api" check',
      status: "passing",
      probe: { kind: "http", url: "http://10.0.0.5:20000/health", method: "HEAD", header: { A: ["b"] } },
    });
    expect(withCheck({ type: "tcp" }).probe).toMatchObject({
      kind: "tcp",
      address: "10.0.0.5:20000",
      interval: 10_000,
    });
    expect(withCheck({ type: "grpc", grpcService: "health" }).probe).toMatchObject({
      kind: "grpc",
      target: "10.0.0.5:20000/health",
    });
  });

  test("may have a port, a name, an initial status and thresholds of their own", () => {
    const check = withCheck({
      type: "tcp",
      port: "7070",
      name: "up on ${NOMAD_ALLOC_INDEX}",
      initialStatus: "warning",
      successBeforePassing: 2,
      failuresBeforeCritical: 3,
    });
    expect(check).toMatchObject({
      name: "up on 0",
      status: "warning",
      probe: { address: "10.0.0.5:7070" },
      successBeforePassing: 2,
      failuresBeforeCritical: 3,
    });
  });

  test("get another id when their content changes, so that they start anew", () => {
    const base = { name: "a", type: "http", path: "/a" } as const;
    const changes: readonly Parameters<typeof aCheck>[0][] = [
      { name: "b" },
      { path: "/b" },
      { type: "tcp" },
      { interval: 20_000 },
      { timeout: 1_000 },
      { method: "PUT" },
      { header: { A: ["b"] } },
      { body: "x" },
      { port: "7070" },
      { tlsSkipVerify: true },
      { initialStatus: "critical" },
      { failuresBeforeCritical: 2 },
    ];
    const ids = [base, ...changes.map((change) => ({ ...base, ...change }))].map((check) => withCheck(check).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(withCheck(base).id).toBe(ids[0]);
  });
});

describe("check ids", () => {
  test("are never shared between services, sidecars, states and allocations, for Consul keeps one list of them", () => {
    const group = aGroup({
      services: [
        aMeshService({ name: "one", checks: [aCheck(), aCheck({ type: "tcp" })] }),
        aMeshService({ name: "two", port: "9002", checks: [aCheck()] }),
        aService({ name: "plain", checks: [aCheck()] }),
      ],
    });
    const views = [viewOf(group), viewOf(group, { ref: aRef({ alloc: "another" }) })];
    const ids = views.flatMap((view) =>
      group.services.flatMap((service) =>
        (["gated", "open"] as const).flatMap((state) => {
          const spec = registrationSpec(view, service, state);
          return [...spec.checks, ...(spec.sidecar?.checks ?? [])].map(({ id }) => id);
        }),
      ),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("of the gate never stand among those of an open service", () => {
    const name = fc.constantFrom("a", "gate", "x:gate");
    fc.assert(
      fc.property(name, (checkName) => {
        const spec = specFor(aMeshService({ checks: [aCheck({ name: checkName })] }));
        const ids = [...spec.checks, ...(spec.sidecar?.checks ?? [])].map(({ id }) => id);
        expect(ids.filter((id) => id.endsWith(":gate"))).toEqual([]);
      }),
    );
  });
});

describe("the sidecar", () => {
  test("is not checked by Nomad's TCP check when the job says so, but by the dead-man's under another name", () => {
    const connect = aConnect({}, { disableDefaultTcpCheck: true });
    const names = specFor(aService({ connect })).sidecar?.checks.map(({ name }) => name);
    expect(names).toEqual([expect.stringMatching(/^Connect Sidecar Aliasing/), "Remora dead-man"]);
  });

  test("inherits the service's tags unless it has its own", () => {
    expect(specFor(aMeshService({ tags: ["a"] })).sidecar).not.toHaveProperty("tags");
    expect(specFor(aService({ connect: aConnect({}, { tags: ["b"] }) })).sidecar?.tags).toEqual(["b"]);
  });

  test("at a declared port is reached at the advertised address", () => {
    const connect = aConnect({}, { port: "http" });
    expect(specFor(aService({ connect })).sidecar).toMatchObject({
      address: "10.0.0.5",
      port: 20_000,
      proxy: { config: { bind_port: 8080 } },
    });
  });

  test("keeps the user's config, without nulls, which Consul 1.8 cannot read back, and binds where it must", () => {
    const config = { protocol: "http", bind_port: 1, none: null, list: [1, null, { x: null, y: 2 }] };
    expect(specFor(aMeshService({}, { config })).sidecar?.proxy.config).toEqual({
      protocol: "http",
      list: [1, { y: 2 }],
      bind_address: "0.0.0.0",
      bind_port: 20_001,
    });
  });
});

describe("texts of a service", () => {
  test("are interpolated wherever Nomad does it", () => {
    const service = aMeshService(
      { tags: ["${NOMAD_JOB_NAME}"], meta: { port: "${NOMAD_PORT_http}" } },
      {
        upstreams: [anUpstream({ destinationName: "${NOMAD_JOB_NAME}-db", datacenter: "${NOMAD_DC}" })],
        config: { text: "${NOMAD_GROUP_NAME}", deep: { text: "${NOMAD_GROUP_NAME}" } },
      },
    );
    expect(specFor(service)).toMatchObject({
      tags: ["countdash"],
      meta: { port: "8080" },
      sidecar: {
        proxy: {
          upstreams: [{ destinationName: "countdash-db", datacenter: "dc1" }],
          config: { text: "api", deep: { text: "${NOMAD_GROUP_NAME}" } },
        },
      },
    });
  });
});

test("marks win over the user's meta of the same name, so that nobody can disown a service", () => {
  expect(specFor(aMeshService({ meta: { "remora-instance": "other", own: "1" } })).meta).toMatchObject({
    "remora-instance": "remora",
    own: "1",
  });
});
