/** Exposed paths at run time: how they are registered, what is waited for, and what is put right. */
import { describe, expect, test } from "vitest";
import type { ExposePath, TaskGroup } from "../../../src/model/job.ts";
import { type Registration, type ServiceSpec, sidecarId } from "../../../src/model/registration.ts";
import { differs } from "../../../src/reconcilers/registration.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import { noProgram } from "../../../src/reconcilers/sidecar-spec.ts";
import { sidecarUnready } from "../../../src/reconcilers/sidecar.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  aCheck,
  aGroup,
  aMeshService,
  anUpstream,
  aPort,
  aRegistration,
  aView,
  byId,
  envoySettings,
  first,
} from "../../support/builders.ts";

const PATH: ExposePath = { path: "/health", protocol: "", localPathPort: 9001, listenerPort: "probe" };
const CHECK = aCheck({ port: "probe", expose: true });

/** A port "probe", 20000 on the host and 9191 inside, on which the sidecar exposes the paths. */
function groupOf(expose: readonly ExposePath[] = [PATH], service: Parameters<typeof aMeshService>[0] = {}): TaskGroup {
  const services = [aMeshService({ checks: [CHECK], ...service }, { expose })];
  return aGroup({ network: { mode: "bridge", ports: [aPort({ label: "probe", to: 9191 }), aPort()] }, services });
}

function viewOf(group = groupOf(), over: Partial<AllocView> = {}): AllocView {
  return aView({ group, settings: envoySettings(), ...over });
}

function specOf(view = viewOf()): ServiceSpec {
  return registrationSpec(view, first(view.group.services), "open");
}

describe("an exposed path is registered", () => {
  test("with the port inside the namespace, while its check goes to the host's", () => {
    const spec = specOf();
    expect(spec.sidecar?.proxy.expose).toEqual([
      { path: "/health", protocol: "http", localPathPort: 9001, listenerPort: 9191 },
    ]);
    expect(first(spec.checks).probe).toMatchObject({ kind: "http", url: "http://10.0.0.5:20000/health" });
  });

  test("with the app's port where only the allocation knows it", () => {
    const group = groupOf([{ ...PATH, localPathPort: 0 }], { port: "http" });
    expect(specOf(viewOf(group)).sidecar?.proxy.expose).toMatchObject([{ localPathPort: 20_001 }]);
  });

  test("with its texts filled in", () => {
    const group = groupOf([{ ...PATH, path: "/${NOMAD_GROUP_NAME}" }]);
    expect(specOf(viewOf(group)).sidecar?.proxy.expose).toMatchObject([{ path: "/api" }]);
  });
});

describe("a registration differs", () => {
  /** As Consul shows what was registered, with other exposed paths. */
  function seen(spec: ServiceSpec, expose = spec.sidecar?.proxy.expose ?? []): ReadonlyMap<string, Registration> {
    const { sidecar } = spec;
    if (sidecar === undefined) throw new Error("there is no sidecar");
    const ids = (checks: ServiceSpec["checks"]): Registration["checks"] =>
      checks.map(({ id }) => ({ id, status: "passing", output: "" }));
    const { id, meta, port } = spec;
    const entry = aRegistration({ id, meta, port, checks: ids(spec.checks) });
    const { address, port: at, checks } = sidecar;
    const proxy = { ...sidecar.proxy, expose };
    const kind = "connect-proxy";
    return byId(entry, { ...entry, id: sidecarId(id), kind, address, port: at, checks: ids(checks), proxy });
  }

  test("when a path was taken away from it, changed, or another put beside it", () => {
    const spec = specOf();
    const [path] = spec.sidecar?.proxy.expose ?? [];
    if (path === undefined) throw new Error("nothing is exposed");
    expect(differs({ registrations: seen(spec) }, spec)).toBeUndefined();
    for (const expose of [[], [{ ...path, path: "/" }], [{ ...path, listenerPort: 1 }], [path, { ...path, path: "/" }]])
      expect(differs({ registrations: seen(spec, expose) }, spec)).toBe("its proxy differs");
  });

  test("when the job exposes a path no longer, but not for paths that the cluster's defaults bring", () => {
    const [before, now] = [specOf(), specOf(viewOf(groupOf([], { checks: [] })))];
    expect(differs({ registrations: seen(before) }, now)).toBe("its meta differs");
    expect(differs({ registrations: seen(now, before.sidecar?.proxy.expose) }, now)).toBeUndefined();
  });
});

describe("a sidecar with an exposed path", () => {
  test("is not ready before it listens for it", () => {
    const upstreams = [anUpstream()];
    const services = [aMeshService({}, { upstreams, expose: [PATH] })];
    const view = viewOf({ ...groupOf(), services });
    const unready = (...listening: readonly number[]): string | undefined =>
      sidecarUnready(
        { ...view, probe: { listening: new Set(listening), sidecars: new Map([["api", undefined]]) } },
        first(services),
      );
    expect(unready(20_002, 8080)).toBe("the exposed path /health of api is not bound to port 9191 yet");
    expect(unready(20_002, 8080, 9191)).toBeUndefined();
  });

  test('is not begun with the proxy "consul", and the reason is told', () => {
    const view = aView({ group: groupOf() });
    expect(noProgram(view)).toBe(
      'the proxy "consul" cannot expose paths, and api has some: run the agent with --proxy=envoy, or take expose out of the job',
    );
    expect(noProgram(viewOf())).toBeUndefined();
  });
});
