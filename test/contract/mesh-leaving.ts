/** The contract of leaving: maintenance, deregistration, and entries that stay behind. */
import { describe, expect, test } from "vitest";
import { sidecarId } from "../../src/model/registration.ts";
import type { ServiceSpec } from "../../src/model/registration.ts";
import type { Mesh } from "../../src/ports/mesh.ts";
import { atLeast } from "../rig/consul-config.ts";
import { eventually, failure, inCatalog, mintAndRead, never, only } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { gate, idOf, persona, serviceSpec, sidecarSpec, tcp, tokenSpec } from "./mesh-specs.ts";

export function leavingTests(world: () => MeshWorld): void {
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

    test("after the service's token is gone leaves entries in the catalog before Consul 1.15; registered once more with the controller's token, each can be deregistered", async () => {
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
      const left = [
        { id, kind: "", ref: who.ref, checks: [], inAgent: false, inCatalog: true, catalogStatus: "critical" },
        { id: sidecarId(id), kind: "connect-proxy", checks: [], inAgent: false, inCatalog: true },
      ];
      expect(zombies).toMatchObject(atLeast((await mesh.info(never)).version, 1, 15) ? [] : left);
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
