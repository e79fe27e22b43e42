/** The Mesh port's contract: every sentence of its comments, held against whatever a factory makes. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { uuidOf } from "../../src/model/ids.ts";
import { sidecarId } from "../../src/model/registration.ts";
import type { Registration, ServiceSpec, TokenSpec } from "../../src/model/registration.ts";
import { Secret } from "../../src/model/secret.ts";
import { PortFailure } from "../../src/ports/failure.ts";
import type { Mesh } from "../../src/ports/mesh.ts";
import { alias, gate, idOf, metaOf, persona, serviceSpec, sidecarSpec, tcp, tokenSpec } from "./mesh-specs.ts";
import type { Persona } from "./mesh-specs.ts";

/** A Consul, and other hands in it than Remora's. */
export interface MeshWorld {
  /** The port as a controller of that instance and node has it. `unknown` and `powerless` are about the controller's own token. */
  mesh(instance: string, node: string, own?: "good" | "unknown" | "powerless"): Mesh;
  /** The port on a Consul without ACLs. */
  meshWithoutAcls(instance: string, node: string): Mesh;
  /** `host:port` at which something accepts TCP. */
  readonly listening: string;
  deregisterBehindBack(id: string): Promise<void>;
  deleteTokenBehindBack(accessor: string): Promise<void>;
  addForeignService(spec: ServiceSpec): Promise<void>;
  /** A token that says nothing of Remora. */
  addForeignToken(accessor: string): Promise<void>;
  /** Consul goes away and comes back with what it knew. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const never = new AbortController().signal;
const EVENTUALLY = { timeout: 5_000, interval: 10 };

function eventually<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, EVENTUALLY);
}

async function failure(act: Promise<unknown>): Promise<PortFailure> {
  const thrown = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(PortFailure);
  return thrown as PortFailure;
}

export function meshContract(name: string, start: () => Promise<MeshWorld>): void {
  describe(`${name} keeps the mesh contract`, () => {
    let world: MeshWorld;
    beforeAll(async () => {
      world = await start();
    }, 60_000);
    afterAll(() => world.stop());
    const meshOf = (who: Persona): Mesh => world.mesh(who.instance, who.node);

    describe("info", () => {
      test("tells who the agent is and what it can do", async () => {
        const who = persona();
        const info = await meshOf(who).info(never);
        expect(info).toMatchObject({ version: "1.8.7", datacenter: "dc1", connectEnabled: true, aclsEnabled: true });
        expect(info.nodeName).not.toBe("");
        expect(info.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      });

      test("tells that ACLs are off", async () => {
        const who = persona();
        expect((await world.meshWithoutAcls(who.instance, who.node).info(never)).aclsEnabled).toBe(false);
      });
    });

    registrationTests(() => world);
    gateTests(() => world);
    leavingTests(() => world);
    tokenTests(() => world);
    hintTests(() => world);
    failureTests(() => world);
    restartTests(() => world);
  });
}

async function only(mesh: Mesh, id: string): Promise<Registration | undefined> {
  return (await mesh.registrations.list(never)).find((each) => each.id === id);
}

async function inCatalog(mesh: Mesh, id: string): Promise<Registration> {
  return eventually(async () => {
    const found = await only(mesh, id);
    expect(found).toMatchObject({ inAgent: true, inCatalog: true });
    return found as Registration;
  });
}

function registrationTests(world: () => MeshWorld): void {
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
      const proxy = { localServiceAddress: "", localServicePort: 0, upstreams: [], config: {} };
      const sidecar = sidecarSpec([], { proxy: { ...proxy, localServiceAddress: "127.0.0.1", localServicePort: 1 } });
      await mesh.register(serviceSpec(who, { tags: [], address: "", sidecar }), undefined, never);
      await inCatalog(mesh, idOf(who));
      const found = await mesh.registrations.list(never);
      expect(found[0]).toMatchObject({ tags: [], address: "", checks: [], catalogStatus: "passing" });
      expect(found[0]).not.toHaveProperty("proxy");
      expect(found[0]).not.toHaveProperty("maintenance");
      expect(found[1]?.proxy).toEqual(sidecar.proxy);
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

function gateTests(world: () => MeshWorld): void {
  describe("the gate", () => {
    test("keeps service and sidecar critical until one more registration brings the real checks, which pass at once", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const gated = serviceSpec(who, { checks: [gate(`${id}-gate`)], sidecar: sidecarSpec([gate(`${id}-gate2`)]) });
      await mesh.register(gated, undefined, never);
      await inCatalog(mesh, sidecarId(id));
      expect((await mesh.registrations.list(never)).map((each) => each.catalogStatus)).toEqual([
        "critical",
        "critical",
      ]);
      const real = [tcp(`${id}-listening`, world().listening)];
      const sidecar = sidecarSpec([tcp(`${id}-proxy`, world().listening), alias(`${id}-alias`, id)]);
      await mesh.register({ ...gated, checks: real, sidecar }, undefined, never);
      const states = (await mesh.registrations.list(never)).map(({ checks }) =>
        checks.map((check) => [check.id, check.status]),
      );
      expect(states).toEqual([
        [[`${id}-listening`, "passing"]],
        [
          [`${id}-alias`, "passing"],
          [`${id}-proxy`, "passing"],
        ],
      ]);
      await eventually(async () => {
        const found = await mesh.registrations.list(never);
        expect(found.map(({ catalogStatus }) => catalogStatus)).toEqual(["passing", "passing"]);
      });
    });

    test("a check that is there already keeps its status, whatever status it is registered with", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      await mesh.register(serviceSpec(who, { checks: [gate(`${id}-gate`)] }), undefined, never);
      const passing = { ...gate(`${id}-gate`), status: "passing" } as const;
      await mesh.register(serviceSpec(who, { checks: [passing] }), undefined, never);
      expect((await only(mesh, id))?.checks.map(({ status }) => status)).toEqual(["critical"]);
    });

    test("the worst of several checks is the catalog's status", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const warning = { ...gate(`${id}-b`), status: "warning" } as const;
      const checks = [{ ...gate(`${id}-a`), status: "passing" } as const, warning];
      await mesh.register(serviceSpec(who, { checks }), undefined, never);
      expect((await inCatalog(mesh, id)).catalogStatus).toBe("warning");
      await mesh.register(serviceSpec(who, { checks: [...checks, gate(`${id}-c`)] }), undefined, never);
      await eventually(async () => expect((await only(mesh, id))?.catalogStatus).toBe("critical"));
    });

    test("a TTL check that nobody refreshes turns critical", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const probe = { kind: "ttl", ttl: 300 } as const;
      await mesh.register(
        serviceSpec(who, { checks: [{ ...gate(`${idOf(who)}-ttl`), status: "passing", probe }] }),
        undefined,
        never,
      );
      expect((await inCatalog(mesh, idOf(who))).catalogStatus).toBe("passing");
      await eventually(async () => expect((await only(mesh, idOf(who)))?.catalogStatus).toBe("critical"));
      expect((await only(mesh, idOf(who)))?.checks.map(({ status }) => status)).toEqual(["critical"]);
    });

    test("an alias check follows the service it names", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const sidecar = sidecarSpec([alias(`${id}-alias`, id)]);
      await mesh.register(serviceSpec(who, { checks: [gate(`${id}-gate`)], sidecar }), undefined, never);
      await eventually(async () => expect((await only(mesh, sidecarId(id)))?.catalogStatus).toBe("critical"));
      await mesh.register(serviceSpec(who, { sidecar }), undefined, never);
      await eventually(async () => expect((await only(mesh, sidecarId(id)))?.catalogStatus).toBe("passing"));
    });
  });
}

function leavingTests(world: () => MeshWorld): void {
  describe("maintenance", () => {
    test("shows with its reason, takes the service out, lasts, and ends with the next registration", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const spec = serviceSpec(who, { checks: [tcp(`${id}-tcp`, world().listening)] });
      await mesh.register(spec, undefined, never);
      await inCatalog(mesh, id);
      await mesh.enableMaintenance(id, "remora: draining & leaving", never);
      const drained = await eventually(async () => {
        const found = await only(mesh, id);
        expect(found?.catalogStatus).toBe("critical");
        return found;
      });
      expect(drained).toMatchObject({ maintenance: "remora: draining & leaving", inAgent: true, inCatalog: true });
      expect(drained?.checks.map((check) => check.id)).toEqual([`${id}-tcp`]);
      expect(await only(mesh, id)).toEqual(drained);
      await mesh.register(spec, undefined, never);
      expect(await only(mesh, id)).not.toHaveProperty("maintenance");
      await eventually(async () => expect((await only(mesh, id))?.catalogStatus).toBe("passing"));
    });

    test("on twice is on, with the first reason", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who), undefined, never);
      await mesh.enableMaintenance(idOf(who), "first", never);
      await mesh.enableMaintenance(idOf(who), "second", never);
      expect((await only(mesh, idOf(who)))?.maintenance).toBe("first");
    });

    test("of a service that is not registered is not-found", async () => {
      const who = persona();
      const refused = await failure(world().mesh(who.instance, who.node).enableMaintenance(idOf(who), "x", never));
      expect(refused).toMatchObject({ code: "not-found", effect: "none" });
    });
  });

  describe("deregister", () => {
    test("takes the sidecar along, in the agent at once and in the catalog soon", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who, { sidecar: sidecarSpec([]) }), undefined, never);
      await inCatalog(mesh, sidecarId(idOf(who)));
      await mesh.deregister(idOf(who), never);
      expect((await mesh.registrations.list(never)).filter(({ inAgent }) => inAgent)).toEqual([]);
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });

    test("of what is not there, or no longer there, is done", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.deregister(idOf(who), never);
      await mesh.register(serviceSpec(who), undefined, never);
      await world().deregisterBehindBack(idOf(who));
      await mesh.deregister(idOf(who), never);
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });

    test("after the service's token is gone leaves entries in the catalog; registered once more with the controller's token, each can be deregistered", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const id = idOf(who);
      const token = tokenSpec(who);
      const secret = await mintAndRead(mesh, token);
      const spec = serviceSpec(who, { checks: [gate(`${id}-gate`)], sidecar: sidecarSpec([gate(`${id}-gate2`)]) });
      await mesh.register(spec, secret, never);
      await inCatalog(mesh, sidecarId(id));
      await world().deleteTokenBehindBack(token.accessor);
      await mesh.deregister(id, never);
      await proveSynced(mesh);
      const zombies = await mesh.registrations.list(never);
      expect(zombies).toMatchObject([
        { id, kind: "", ref: who.ref, checks: [], inAgent: false, inCatalog: true, catalogStatus: "critical" },
        { id: sidecarId(id), kind: "connect-proxy", checks: [], inAgent: false, inCatalog: true },
      ]);
      for (const { id, name } of zombies) {
        await mesh.register(bare(id, name), undefined, never);
        await mesh.deregister(id, never);
      }
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });

    test("what someone else deregistered is gone from the list", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who), undefined, never);
      await inCatalog(mesh, idOf(who));
      await world().deregisterBehindBack(idOf(who));
      await eventually(async () => expect(await mesh.registrations.list(never)).toEqual([]));
    });
  });

  /** When something registered later is in the catalog, the agent has had its say on all that came before. */
  async function proveSynced(mesh: Mesh): Promise<void> {
    const witness = persona();
    await mesh.register(serviceSpec(witness), undefined, never);
    const own = world().mesh(witness.instance, witness.node);
    await inCatalog(own, idOf(witness));
    await own.deregister(idOf(witness), never);
  }
}

/** The least that takes the place of an entry: its checks and its marks are of no matter any more. */
function bare(id: string, name: string): ServiceSpec {
  return { id, name, tags: [], meta: {}, address: "", port: 0, enableTagOverride: false, checks: [] };
}

async function mintAndRead(mesh: Mesh, spec: TokenSpec): Promise<Secret> {
  await mesh.mintToken(spec, never);
  const secret = await mesh.readSecret(spec.accessor, never);
  if (secret === undefined) throw new Error(`token ${spec.accessor} was minted and cannot be read back`);
  return secret;
}

function tokenTests(world: () => MeshWorld): void {
  describe("tokens", () => {
    test("a minted one is listed with all that marks it, and when it was made", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const spec = tokenSpec(who, 3);
      const earliest = Date.now();
      await mesh.mintToken(spec, never);
      const [token, ...rest] = await mesh.tokens.list(never);
      expect(rest).toEqual([]);
      expect(token).toEqual({ ...spec, createdAt: token?.createdAt });
      expect(token?.createdAt).toBeGreaterThanOrEqual(earliest);
      expect(token?.createdAt).toBeLessThanOrEqual(Date.now());
    });

    test("its secret is read back by accessor, and the agent accepts it", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const secret = await mintAndRead(mesh, tokenSpec(who));
      expect(await mesh.canUse(secret, never)).toBe(true);
      expect(secret.reveal()).toMatch(/^[0-9a-f-]{36}$/);
      expect(`${String(secret)} ${JSON.stringify(secret)}`).not.toContain(secret.reveal());
    });

    test("names with spaces, equals signs and umlauts come back as they were", async () => {
      const who = { ...persona(), instance: "my instance=1", node: "höst 1" };
      const mesh = world().mesh(who.instance, who.node);
      const spec = { ...tokenSpec(who), ref: { ...who.ref, job: "a job=b %20", group: "index=7 ", index: 12 } };
      await mesh.mintToken(spec, never);
      expect((await mesh.tokens.list(never)).find(({ accessor }) => accessor === spec.accessor)).toMatchObject(spec);
    });

    test("minting the same again is done: there is one, with the same secret", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const first = await mintAndRead(mesh, tokenSpec(who));
      const second = await mintAndRead(mesh, tokenSpec(who));
      expect(second.reveal()).toBe(first.reveal());
      expect(await mesh.tokens.list(never)).toHaveLength(1);
    });

    test("an accessor that someone else's token has is a conflict, and that token stays as it is", async () => {
      const [who, other] = [persona(), persona()];
      const mesh = world().mesh(who.instance, who.node);
      const spec = tokenSpec(who);
      await world().addForeignToken(spec.accessor);
      expect(await failure(mesh.mintToken(spec, never))).toMatchObject({ code: "conflict", retry: "never" });
      const theirs = world().mesh(other.instance, other.node);
      await theirs.mintToken(tokenSpec(other), never);
      const taken = { ...tokenSpec(who), accessor: tokenSpec(other).accessor };
      expect(await failure(mesh.mintToken(taken, never))).toMatchObject({ code: "conflict", retry: "never" });
      expect(await theirs.tokens.list(never)).toMatchObject([tokenSpec(other)]);
      expect(await mesh.tokens.list(never)).toEqual([]);
    });

    test("what others minted is never listed: another instance's, another node's, or one without our mark", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await world().mesh(persona().instance, who.node).mintToken(tokenSpec(persona()), never);
      await world().mesh(who.instance, persona().node).mintToken(tokenSpec(persona()), never);
      await world().addForeignToken(uuidOf("foreign", who.instance));
      expect(await mesh.tokens.list(never)).toEqual([]);
    });

    test("a service name that no identity can have is rejected for good", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const refused = await failure(mesh.mintToken({ ...tokenSpec(who), service: "Not.A.Name" }, never));
      expect(refused).toMatchObject({ code: "rejected", effect: "none", retry: "never" });
    });

    test("one deleted behind our back has no secret, is not listed, and is of no use", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const secret = await mintAndRead(mesh, tokenSpec(who));
      await world().deleteTokenBehindBack(tokenSpec(who).accessor);
      expect(await mesh.readSecret(tokenSpec(who).accessor, never)).toBeUndefined();
      expect(await mesh.tokens.list(never)).toEqual([]);
      expect(await mesh.canUse(secret, never)).toBe(false);
    });

    test("deleting removes it; deleting again is done", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.mintToken(tokenSpec(who), never);
      await mesh.deleteToken(tokenSpec(who).accessor, never);
      expect(await mesh.tokens.list(never)).toEqual([]);
      await mesh.deleteToken(tokenSpec(who).accessor, never);
    });

    test("minted anew after a deletion it has another secret", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const first = await mintAndRead(mesh, tokenSpec(who));
      await mesh.deleteToken(tokenSpec(who).accessor, never);
      expect((await mintAndRead(mesh, tokenSpec(who))).reveal()).not.toBe(first.reveal());
    });

    test("without ACLs there are none, and none can be minted", async () => {
      const who = persona();
      const mesh = world().meshWithoutAcls(who.instance, who.node);
      expect(await mesh.tokens.list(never)).toEqual([]);
      expect(await failure(mesh.mintToken(tokenSpec(who), never))).toMatchObject({ code: "rejected", retry: "never" });
    });
  });
}

/** Counts hints of a source until stopped. */
function listen(changes: (signal: AbortSignal) => AsyncIterable<void>): {
  readonly times: number[];
  readonly ended: Promise<void>;
  readonly stop: () => void;
} {
  const stop = new AbortController();
  const times: number[] = [];
  const run = async (): Promise<void> => {
    for await (const _ of changes(stop.signal)) times.push(performance.now());
  };
  return { times, ended: run(), stop: () => stop.abort() };
}

function hintTests(world: () => MeshWorld): void {
  describe("hints", () => {
    test("come once when subscribed, then for a registration, maintenance and its end, and a deregistration", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const hints = listen((signal) => mesh.registrations.changes(signal));
      await eventually(async () => expect(hints.times).not.toEqual([]));
      const acts = [
        () => mesh.register(serviceSpec(who), undefined, never),
        () => mesh.enableMaintenance(idOf(who), "x", never),
        () => mesh.register(serviceSpec(who), undefined, never),
        () => mesh.deregister(idOf(who), never),
      ];
      for (const act of acts) {
        const before = hints.times.length;
        await act();
        await eventually(async () => expect(hints.times.length).toBeGreaterThan(before));
      }
      hints.stop();
      await hints.ended;
    });

    test("come when someone else deregisters", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.register(serviceSpec(who), undefined, never);
      await inCatalog(mesh, idOf(who));
      const hints = listen((signal) => mesh.registrations.changes(signal));
      await eventually(async () => expect(hints.times).toHaveLength(1));
      await world().deregisterBehindBack(idOf(who));
      await eventually(async () => expect(hints.times.length).toBeGreaterThan(1));
      hints.stop();
      await hints.ended;
    });

    test("come for tokens, minted and deleted behind our back", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const hints = listen((signal) => mesh.tokens.changes(signal));
      await eventually(async () => expect(hints.times).toHaveLength(1));
      await mesh.mintToken(tokenSpec(who), never);
      await eventually(async () => expect(hints.times.length).toBeGreaterThan(1));
      const before = hints.times.length;
      await world().deleteTokenBehindBack(tokenSpec(who).accessor);
      await eventually(async () => expect(hints.times.length).toBeGreaterThan(before));
      hints.stop();
      await hints.ended;
    });

    test("are at least 100 ms apart, however much changes", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      const hints = listen((signal) => mesh.tokens.changes(signal));
      await eventually(async () => expect(hints.times).toHaveLength(1));
      for (let generation = 0; generation < 40 || hints.times.length < 4; generation += 1) {
        await mesh.mintToken(tokenSpec(who, generation), never);
        await new Promise(setImmediate);
      }
      hints.stop();
      await hints.ended;
      const gaps = hints.times.slice(2).map((time, i) => time - (hints.times[i + 1] ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThan(95);
    });

    test("of tokens without ACLs come once, when subscribed, and never again", async () => {
      const who = persona();
      const mesh = world().meshWithoutAcls(who.instance, who.node);
      const registrations = listen((signal) => mesh.registrations.changes(signal));
      const tokens = listen((signal) => mesh.tokens.changes(signal));
      await eventually(async () => expect(registrations.times.length * tokens.times.length).toBeGreaterThan(0));
      await mesh.register(serviceSpec(who), undefined, never);
      await eventually(async () => expect(registrations.times.length).toBeGreaterThan(1));
      expect(tokens.times).toHaveLength(1);
      for (const each of [registrations, tokens]) each.stop();
      await Promise.all([registrations.ended, tokens.ended]);
    });

    test("end without an error when aborted: before subscribing, and while waiting", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      for (const source of [mesh.registrations, mesh.tokens]) {
        const hints = listen((signal) => source.changes(signal));
        await eventually(async () => expect(hints.times).toHaveLength(1));
        hints.stop();
        await hints.ended;
        const early = listen((signal) => source.changes(signal));
        early.stop();
        await early.ended;
      }
    });

    test("let go of Consul when the listener leaves", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      for await (const _ of mesh.registrations.changes(never)) break;
      for await (const _ of mesh.tokens.changes(never)) break;
    });
  });
}

function failureTests(world: () => MeshWorld): void {
  describe("failures", () => {
    test("a controller's token that Consul does not know is forbidden everywhere: nothing is called absent", async () => {
      const who = persona();
      await world().mesh(who.instance, who.node).mintToken(tokenSpec(who), never);
      const mesh = world().mesh(who.instance, who.node, "unknown");
      for (const act of Object.values(everyCall(mesh, who))) {
        expect(await failure(act())).toMatchObject({ code: "forbidden", effect: "none", retry: "backoff" });
      }
    });

    test("a controller's token without rights is forbidden everywhere, and no use to try again with", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node, "powerless");
      for (const act of Object.values(everyCall(mesh, who))) {
        expect(await failure(act())).toMatchObject({ code: "forbidden", effect: "none", retry: "never" });
      }
    });

    test("what the caller gave up is aborted", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      for (const act of Object.values(everyCall(mesh, who, AbortSignal.abort()))) {
        expect((await failure(act())).code).toBe("aborted");
      }
      expect(await mesh.registrations.list(never)).toEqual([]);
      expect(await mesh.tokens.list(never)).toEqual([]);
    });
  });
}

/** The last of all, for the streams of every other test would break too. */
function restartTests(world: () => MeshWorld): void {
  describe("a restart of Consul", () => {
    test("breaks every stream with a failure; what was registered and minted is there afterwards", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.mintToken(tokenSpec(who), never);
      await mesh.register(serviceSpec(who), undefined, never);
      await inCatalog(mesh, idOf(who));
      const streams = [mesh.registrations, mesh.tokens].map((source) => listen((signal) => source.changes(signal)));
      const ends = streams.map(({ ended }) => failure(ended));
      await eventually(async () => expect(streams.map(({ times }) => times.length)).toEqual([1, 1]));
      await world().restart();
      for (const end of ends) expect((await end).effect).toBe("none");
      await inCatalog(mesh, idOf(who));
      expect(await mesh.tokens.list(never)).toHaveLength(1);
      const again = listen((signal) => mesh.registrations.changes(signal));
      await eventually(async () => expect(again.times.length).toBeGreaterThan(0));
      again.stop();
      await again.ended;
    }, 60_000);
  });
}

/** Every verb that acts with the controller's own token. */
function everyCall(mesh: Mesh, who: Persona, signal = never): Readonly<Record<string, () => Promise<unknown>>> {
  const { accessor } = tokenSpec(who);
  return {
    info: () => mesh.info(signal),
    registrations: () => mesh.registrations.list(signal),
    tokens: () => mesh.tokens.list(signal),
    register: () => mesh.register(serviceSpec(who), undefined, signal),
    mintToken: () => mesh.mintToken(tokenSpec(who, 1), signal),
    readSecret: () => mesh.readSecret(accessor, signal),
    deleteToken: () => mesh.deleteToken(accessor, signal),
  };
}
