/** The contract of listing and registering. */
import { describe, expect, test } from "vitest";
import { type ExposeSpec, sidecarId } from "../../src/model/registration.ts";
import { uuidOf } from "../../src/model/ids.ts";
import { Secret } from "../../src/model/secret.ts";
import { eventually, failure, inCatalog, mintAndRead, never, only } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { alias, gate, idOf, metaOf, persona, serviceSpec, sidecarSpec, tokenSpec } from "./mesh-specs.ts";

export function registrationTests(world: () => MeshWorld): void {
  describe("registrations", () => {
    test("an instance that registered nothing has none", async () => {
      const who = persona();
      expect(await world().mesh(who.instance, who.node).registrations.list(never)).toEqual([]);
    });

    test("service and sidecar show as entries of their own, with every field as it was registered", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const sidecar = sidecarSpec([gate(`${id}-gate-sidecar`)], { tags: ["proxy"] });
      await mesh.register(serviceSpec(who, { checks: [gate(`${id}-gate`)], sidecar }), undefined, never);
      await inCatalog(mesh, sidecarId(id));
      const common = {
        ref: who.ref,
        meta: metaOf(who),
        address: "127.0.0.1",
        enableTagOverride: false,
        inAgent: true,
        inCatalog: true,
        catalogStatus: "critical",
      };
      const service = { id, kind: "", name: who.service, tags: ["v1", "blue"], port: 8080 };
      const proxy = { id: sidecarId(id), kind: "connect-proxy", name: `${who.service}-sidecar-proxy`, tags: ["proxy"] };
      expect(await mesh.registrations.list(never)).toEqual([
        { ...common, ...service, checks: [{ id: `${id}-gate`, status: "critical", output: "" }] },
        {
          ...common,
          ...proxy,
          port: 21_900,
          proxy: sidecar.proxy,
          checks: [{ id: `${id}-gate-sidecar`, status: "critical", output: "" }],
        },
      ]);
    });

    test("a sidecar without tags, or with an empty list of them, inherits its service's", async () => {
      for (const tags of [{}, { tags: [] }]) {
        const who = persona();
        const mesh = world().mesh(who.instance, who.node);
        await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([], tags) }), undefined, never);
        expect((await only(mesh, sidecarId(idOf(who))))?.tags).toEqual(["v1", "blue"]);
      }
    });

    test("a sidecar without checks gets two of Consul's own: it listens, and it is as its service is", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = sidecarId(idOf(who));
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), undefined, never);
      expect((await only(mesh, id))?.checks.map((check) => check.id)).toEqual([`service:${id}:1`, `service:${id}:2`]);
    });

    test("registering a service again without its sidecar leaves the sidecar, which still goes with the service", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), undefined, never);
      await mesh.register(serviceSpec(who), undefined, never);
      expect(await only(mesh, sidecarId(idOf(who)))).toMatchObject({ inAgent: true });
      await mesh.deregister(idOf(who), never);
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });

    test("empty fields come back empty, not as Consul's defaults", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const proxy = { localServiceAddress: "", localServicePort: 0, upstreams: [], config: {}, expose: [] };
      const sidecar = sidecarSpec([], { proxy: { ...proxy, localServiceAddress: "127.0.0.1", localServicePort: 1 } });
      await mesh.register(serviceSpec(who, { tags: [], address: "", sidecar }), undefined, never);
      await inCatalog(mesh, idOf(who));
      const found = await mesh.registrations.list(never);
      expect(found[0]).toMatchObject({ tags: [], address: "", checks: [], catalogStatus: "passing" });
      expect(found[0]).not.toHaveProperty("proxy");
      expect(found[0]).not.toHaveProperty("maintenance");
      expect(found[1]?.proxy).toEqual(sidecar.proxy);
    });

    test("exposed paths show as they were registered, and are gone once it is registered without them", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const expose: readonly ExposeSpec[] = [
        { path: "/health", protocol: "http", localPathPort: 8080, listenerPort: 21_950 },
        { path: "/grpc.health.v1.Health/Check", protocol: "http2", localPathPort: 8081, listenerPort: 21_951 },
      ];
      const plain = sidecarSpec([]);
      const sidecar = { ...plain, proxy: { ...plain.proxy, expose } };
      await mesh.register(serviceSpec(who, { sidecar }), undefined, never);
      expect((await inCatalog(mesh, sidecarId(idOf(who)))).proxy?.expose).toEqual(expose);
      await mesh.register(serviceSpec(who, { sidecar: plain }), undefined, never);
      expect((await only(mesh, sidecarId(idOf(who))))?.proxy?.expose).toEqual([]);
    });

    test("a null in a proxy's config is left out, and harms no reading", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const config = { none: null, kept: "x", nested: { none: null, list: [null, 1] } };
      const sidecar = sidecarSpec([]);
      const spec = serviceSpec(who, { sidecar: { ...sidecar, proxy: { ...sidecar.proxy, config } } });
      await mesh.register(spec, undefined, never);
      const found = await inCatalog(mesh, sidecarId(idOf(who)));
      expect(found.proxy?.config).toEqual({ kept: "x", nested: { list: [1] } });
    });

    test("what others registered is never listed: neither another instance's nor what has no mark", async () => {
      const [who, other] = [persona(), persona()];
      const [mesh, theirs] = [world().mesh(who.instance, who.node), world().mesh(other.instance, other.node)];
      await theirs.register(serviceSpec(other), undefined, never);
      await world().addForeignService(serviceSpec(persona(), { meta: { instance: who.instance } }));
      await mesh.register(serviceSpec(who), undefined, never);
      await inCatalog(mesh, idOf(who));
      await inCatalog(theirs, idOf(other));
      expect((await mesh.registrations.list(never)).map(({ id }) => id)).toEqual([idOf(who)]);
    });

    test("marks that name no allocation give no ref", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const meta = { ...metaOf(who), "remora-index": "first" };
      await mesh.register(serviceSpec(who, { meta }), undefined, never);
      expect(await only(mesh, idOf(who))).not.toHaveProperty("ref");
    });

    test("registering the same again changes nothing that shows", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const sidecar = sidecarSpec([alias(`${id}-alias`, id)]);
      const spec = serviceSpec(who, { checks: [gate(`${id}-gate`)], sidecar });
      await mesh.register(spec, undefined, never);
      await inCatalog(mesh, sidecarId(id));
      const before = await eventually(async () => {
        const found = await mesh.registrations.list(never);
        expect(found.map(({ catalogStatus }) => catalogStatus)).toEqual(["critical", "critical"]);
        return found;
      });
      await mesh.register(spec, undefined, never);
      expect(await mesh.registrations.list(never)).toEqual(before);
    });

    test("registering with other fields replaces all of them", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), undefined, never);
      const sidecar = sidecarSpec([], { port: 21_901, address: "127.0.0.2", tags: ["new"] });
      const moved = { ...sidecar, proxy: { ...sidecar.proxy, upstreams: [], config: { other: 1 } } };
      const meta = { ...metaOf(who), extra: "1" };
      const spec = serviceSpec(who, { tags: ["v2"], port: 8081, meta, enableTagOverride: true, sidecar: moved });
      await mesh.register(spec, undefined, never);
      const [service, proxy] = await mesh.registrations.list(never);
      expect(service).toMatchObject({ tags: ["v2"], port: 8081, meta, enableTagOverride: true });
      expect(proxy).toMatchObject({ tags: ["new"], port: 21_901, address: "127.0.0.2", proxy: moved.proxy, meta });
    });

    test("with a service's own token that service registers, with another's it is forbidden for good", async () => {
      const [who, other] = [persona(), persona()];
      const mesh = world().mesh(who.instance, who.node);
      const secret = await mintAndRead(mesh, tokenSpec(who));
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), secret, never);
      await inCatalog(mesh, sidecarId(idOf(who)));
      const refused = await failure(mesh.register(serviceSpec(other), secret, never));
      expect(refused).toMatchObject({ code: "forbidden", effect: "none", retry: "never" });
    });

    test("a token that Consul does not know is forbidden, and worth another try: it may be on its way", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const unknown = new Secret(uuidOf("nobody's secret"));
      const refused = await failure(mesh.register(serviceSpec(who), unknown, never));
      expect(refused).toMatchObject({ code: "forbidden", effect: "none", retry: "backoff" });
      expect(refused.message).not.toContain(unknown.reveal());
      expect(await mesh.registrations.list(never)).toEqual([]);
    });

    test("a service that cannot be is rejected for good", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const refused = await failure(mesh.register(serviceSpec(who, { address: "0.0.0.0" }), undefined, never));
      expect(refused).toMatchObject({ code: "rejected", effect: "none", retry: "never" });
    });

    test("works without ACLs and without any token", async () => {
      const who = persona();
      const mesh = world().meshWithoutAcls(who.instance, who.node);
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), undefined, never);
      await inCatalog(mesh, sidecarId(idOf(who)));
      await mesh.deregister(idOf(who), never);
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });
  });
}
