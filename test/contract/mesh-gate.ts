/** The contract of checks: the gate, and what becomes of statuses. */
import { describe, expect, test } from "vitest";
import { sidecarId } from "../../src/model/registration.ts";
import { eventually, inCatalog, never, only } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { alias, gate, idOf, persona, serviceSpec, sidecarSpec, tcp } from "./mesh-specs.ts";

export function gateTests(world: () => MeshWorld): void {
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
