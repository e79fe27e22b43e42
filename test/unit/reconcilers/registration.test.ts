/** Keeping a registration: what is drift and what is only Consul's way of showing things, and when the gate drops. */
import { describe, expect, test } from "vitest";
import type { Service } from "../../../src/model/job.ts";
import type { Registration, ServiceSpec } from "../../../src/model/registration.ts";
import { sidecarId } from "../../../src/model/registration.ts";
import { differs, planRegistration, registeredState } from "../../../src/reconcilers/registration.ts";
import { registrationSpec } from "../../../src/reconcilers/registration-spec.ts";
import type { AllocView } from "../../../src/reconcilers/view.ts";
import {
  aCheck,
  aGroup,
  aMeshService,
  anUpstream,
  aService,
  aToken,
  aView,
  byId,
  first,
} from "../../support/builders.ts";
import { theFacts } from "../../support/facts.ts";
import { entriesOf } from "../../support/registered.ts";

type Change = (entry: Registration) => Registration;

const service = aMeshService(
  { tags: ["a", "b"], meta: { own: "1" }, checks: [aCheck()] },
  { upstreams: [anUpstream()], config: { protocol: "http", list: [1], deep: { a: [1, null] } } },
);

function viewOf(of: Service, entries: readonly Registration[] = []): AllocView {
  return aView({ group: aGroup({ services: [of] }), tokens: [aToken()], registrations: byId(...entries) });
}

function specOf(of: Service, state: "gated" | "open" = "open"): ServiceSpec {
  return registrationSpec(viewOf(of), of, state);
}

/** What differs after the entries of the service, or of its sidecar, were changed in Consul. */
function after(change: Change, kind: Registration["kind"] = "", of: Service = service): string | undefined {
  const spec = specOf(of);
  const entries = entriesOf(spec, undefined).map((entry) => (entry.kind === kind ? change(entry) : entry));
  return differs({ registrations: byId(...entries) }, spec);
}

function withoutProxy(entry: Registration): Registration {
  const { proxy: _, ...rest } = entry;
  return rest;
}

const proxied =
  (change: (proxy: NonNullable<Registration["proxy"]>) => Partial<NonNullable<Registration["proxy"]>>): Change =>
  (entry) =>
    entry.proxy === undefined ? entry : { ...entry, proxy: { ...entry.proxy, ...change(entry.proxy) } };

describe("a registration differs", () => {
  const drifts: readonly (readonly [string, Registration["kind"], Change])[] = [
    ["its name differs", "", (entry) => ({ ...entry, name: "other" })],
    ["its tags differ", "", (entry) => ({ ...entry, tags: ["a"] })],
    ["its meta differs", "", (entry) => ({ ...entry, meta: { ...entry.meta, own: "2" } })],
    ["its address differs", "", (entry) => ({ ...entry, address: "10.9.9.9" })],
    ["its address differs", "", (entry) => ({ ...entry, port: 1 })],
    ["enable_tag_override differs", "", (entry) => ({ ...entry, enableTagOverride: true })],
    ["its checks differ", "", (entry) => ({ ...entry, checks: entry.checks.slice(1) })],
    [
      "its checks differ",
      "",
      (entry) => ({ ...entry, checks: [...entry.checks, { id: "x", status: "", output: "" }] }),
    ],
    ["it is not in Consul", "", (entry) => ({ ...entry, inAgent: false })],
    ["its sidecar is not in Consul", "connect-proxy", (entry) => ({ ...entry, inAgent: false })],
    ["its sidecar's address differs", "connect-proxy", (entry) => ({ ...entry, port: 1 })],
    ["its sidecar's tags differ", "connect-proxy", (entry) => ({ ...entry, tags: [] })],
    ["its sidecar's checks differ", "connect-proxy", (entry) => ({ ...entry, checks: [] })],
    ["its proxy differs", "connect-proxy", withoutProxy],
    ["its proxy differs", "connect-proxy", proxied(() => ({ upstreams: [] }))],
    ["its proxy differs", "connect-proxy", proxied(() => ({ localServicePort: 1 }))],
    ["its proxy differs", "connect-proxy", proxied(() => ({ localServiceAddress: "10.0.0.1" }))],
    ["its proxy differs", "connect-proxy", proxied(({ config }) => ({ config: { ...config, protocol: "tcp" } }))],
    [
      "its proxy differs",
      "connect-proxy",
      proxied(({ upstreams }) => ({ upstreams: upstreams.map((each) => ({ ...each, localBindPort: 1 })) })),
    ],
  ];

  test.each(drifts)("when %s (%s)", (told, kind, change) => {
    expect(after(change, kind)).toBe(told);
  });

  test("when the job took something out of its proxy's config: what the agent shows has the cluster's defaults in it", () => {
    const fewer = aMeshService({}, { config: {} });
    const more = aMeshService({}, { config: { protocol: "http" } });
    const registrations = byId(...entriesOf(specOf(more), undefined));
    expect(differs({ registrations }, specOf(fewer))).toBe("its meta differs");
  });

  test("when a service that has none any more still has a sidecar", () => {
    const entries = entriesOf(specOf(service), undefined);
    const plain = registrationSpec(viewOf(service), { ...service, connect: undefined } as unknown as Service, "open");
    const seen = { ...entries[1], id: sidecarId(plain.id) } as Registration;
    const registrations = byId(...entriesOf(plain, undefined), seen);
    expect(differs({ registrations }, plain)).toBe("it has a sidecar it should not have");
  });
});

describe("a registration is as it should be", () => {
  test("when Consul shows it as it was asked for", () => {
    expect(after((entry) => entry)).toBeUndefined();
    expect(after((entry) => entry, "", aService())).toBeUndefined();
  });

  const normal: readonly (readonly [string, Registration["kind"], Change])[] = [
    ["tags stand in another order, or twice", "", (entry) => ({ ...entry, tags: ["b", "a", "a"] })],
    [
      "meta stands in another order",
      "",
      ({ meta, ...rest }) => ({ ...rest, meta: Object.fromEntries(Object.entries(meta).reverse()) }),
    ],
    ["only the agent knows it yet", "", (entry) => ({ ...entry, inCatalog: false })],
    [
      "its checks fail",
      "",
      (entry) => ({ ...entry, checks: entry.checks.map((check) => ({ ...check, status: "critical" })) }),
    ],
    ["it is in maintenance", "", (entry) => ({ ...entry, maintenance: "by hand" })],
    ["an empty bind address is shown empty", "connect-proxy", upstream({ localBindAddress: "" })],
    ["the default namespace is spelled out", "connect-proxy", upstream({ destinationNamespace: "default" })],
    ["proxy-defaults added keys", "connect-proxy", proxied(({ config }) => ({ config: { ...config, more: 1 } }))],
    [
      "a list of one is shown as its item",
      "connect-proxy",
      proxied(({ config }) => ({ config: { ...config, list: 1 } })),
    ],
  ];

  function upstream(over: object): Change {
    return proxied(({ upstreams }) => ({ upstreams: upstreams.map((each) => ({ ...each, ...over })) }));
  }

  test.each(normal)("when %s", (_, kind, change) => {
    expect(after(change, kind)).toBeUndefined();
  });

  test("when a null in a list of the config, which is never sent, does not come back", () => {
    const seen = proxied(({ config }) => ({ config: { ...config, deep: { a: [1] } } }));
    expect(after(seen, "connect-proxy")).toBeUndefined();
  });

  test("when others changed the tags of a service that lets them", () => {
    const open = { ...service, enableTagOverride: true };
    expect(after((entry) => ({ ...entry, tags: ["theirs"] }), "", open)).toBeUndefined();
    expect(after((entry) => ({ ...entry, tags: ["theirs"] }), "connect-proxy", open)).toBeUndefined();
  });
});

describe("the state of a registration", () => {
  const id = specOf(service).id;

  test.each([
    ["absent", []],
    ["absent", entriesOf(specOf(service), undefined).map((entry) => ({ ...entry, inAgent: false }))],
    ["gated", entriesOf(specOf(service, "gated"), undefined)],
    ["open", entriesOf(specOf(service), undefined)],
  ] as const)("is %s", (state, entries) => {
    expect(registeredState({ registrations: byId(...entries) }, id)).toBe(state);
  });
});

describe("planning a registration", () => {
  const gated = theFacts({ registered: "gated" });

  test("registers gated until namespace, sidecar, app and answer are there, with the service's own token", () => {
    for (const lack of ["namespace", "sidecar", "app", "answers"] as const) {
      const due = planRegistration(viewOf(service), service, { ...gated, [lack]: false });
      expect(due.steps).toMatchObject([{ kind: "register", accessor: "accessor-0" }]);
      expect(due.steps).toEqual([{ kind: "register", accessor: "accessor-0", service: specOf(service, "gated") }]);
      expect(due.waiting).toBe("api is being registered: it is not in Consul");
    }
  });

  test("drops the gates in one registration when everything is there", () => {
    const view = viewOf(service, entriesOf(specOf(service, "gated"), undefined));
    expect(planRegistration(view, service, gated).steps).toEqual([
      { kind: "register", accessor: "accessor-0", service: specOf(service) },
    ]);
  });

  test("is done when nothing differs, and waits for the catalog", () => {
    const entries = entriesOf(specOf(service), undefined);
    expect(planRegistration(viewOf(service, entries), service, theFacts())).toEqual({ steps: [] });
    const lagging = entries.map((entry) => ({ ...entry, inCatalog: entry.kind === "" }));
    const due = planRegistration(viewOf(service, lagging), service, theFacts());
    expect(due.steps).toEqual([]);
    expect(due.waiting).toMatch(/-sidecar-proxy is registered with the agent, but not in the catalog yet$/);
    expect(due.recheck).toBeGreaterThan(0);
  });

  test("waits for a token where one is needed, and uses the controller's own where not", () => {
    expect(planRegistration({ ...viewOf(service), tokens: [] }, service, gated)).toEqual({ steps: [] });
    const plain = aService();
    expect(first(planRegistration(viewOf(plain), plain, gated).steps)).not.toHaveProperty("accessor");
  });
});
