/** The contract of intentions. */
import { describe, expect, test } from "vitest";
import type { Mesh } from "../../src/ports/mesh.ts";
import { eachIsHinted, eventually, failure, intentionOf, listen, never } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { ownersOf, pairOf, persona } from "./mesh-specs.ts";
import type { Persona } from "./mesh-specs.ts";

/** More owners than any mark has room for. */
const CROWD = 80;

export function intentionTests(world: () => MeshWorld): void {
  const meshOf = ({ instance, node }: Persona): Mesh => world().mesh(instance, node);

  describe("intentions", () => {
    test("a pair that is held is allowed, and its owner is read back", async () => {
      const who = persona();
      await meshOf(who).holdIntention(pairOf(who), ownersOf(who), never);
      const made = await intentionOf(meshOf(who), pairOf(who));
      expect(made).toMatchObject({ ...pairOf(who), action: "allow", owners: ownersOf(who) });
    });

    test("jobs of one node own a pair together; it goes with the last of them", async () => {
      const who = persona();
      const mesh = meshOf(who);
      const both = [...ownersOf(who), ...ownersOf(who, "another job")];
      await mesh.holdIntention(pairOf(who), both, never);
      expect((await intentionOf(mesh, pairOf(who)))?.owners).toEqual(both.toSorted());
      await mesh.holdIntention(pairOf(who), ownersOf(who), never);
      expect((await intentionOf(mesh, pairOf(who)))?.owners).toEqual(ownersOf(who));
      await mesh.holdIntention(pairOf(who), [], never);
      expect(await intentionOf(mesh, pairOf(who))).toBeUndefined();
    });

    test("another node and another instance own it too, and none takes it from the others", async () => {
      const [who, node, instance] = [persona(), persona(), persona()];
      const all = [who, { ...who, node: node.node }, { ...who, instance: instance.instance }];
      for (const each of all) await meshOf(each).holdIntention(pairOf(who), ownersOf(each), never);
      const owners = all.flatMap((each) => ownersOf(each)).sort();
      expect((await intentionOf(meshOf(who), pairOf(who)))?.owners).toEqual(owners);
      for (const each of all) {
        expect(await intentionOf(meshOf(who), pairOf(who))).toMatchObject({ action: "allow" });
        await meshOf(each).holdIntention(pairOf(who), [], never);
      }
      expect(await intentionOf(meshOf(who), pairOf(who))).toBeUndefined();
    });

    test("holding what is held, and leaving what is not there, is done", async () => {
      const who = persona();
      const mesh = meshOf(who);
      await mesh.holdIntention(pairOf(who), [], never);
      expect(await intentionOf(mesh, pairOf(who))).toBeUndefined();
      for (let times = 0; times < 2; times += 1) await mesh.holdIntention(pairOf(who), ownersOf(who), never);
      expect((await intentionOf(mesh, pairOf(who)))?.owners).toEqual(ownersOf(who));
    });

    test.each(["allow", "deny"] as const)("a pair that somebody decided to %s stays as it is", async (action) => {
      const who = persona();
      const mesh = meshOf(who);
      await world().decideIntention(pairOf(who), action);
      const before = await intentionOf(mesh, pairOf(who));
      expect(before).toMatchObject({ action });
      expect(before?.owners).toBeUndefined();
      await mesh.holdIntention(pairOf(who), ownersOf(who), never);
      await mesh.holdIntention(pairOf(who), [], never);
      expect(await intentionOf(mesh, pairOf(who))).toEqual(before);
    });

    test("one of Remora's that somebody denied is allowed again, with all its owners", async () => {
      const [who, other] = [persona(), persona()];
      for (const each of [who, other]) await meshOf(each).holdIntention(pairOf(who), ownersOf(each), never);
      await world().decideIntention(pairOf(who), "deny");
      const owners = [...ownersOf(who), ...ownersOf(other)].sort();
      expect(await intentionOf(meshOf(who), pairOf(who))).toMatchObject({ action: "deny", owners });
      await meshOf(who).holdIntention(pairOf(who), ownersOf(who), never);
      expect(await intentionOf(meshOf(who), pairOf(who))).toMatchObject({ action: "allow", owners });
    });

    test("a mark that is full takes no more owners, and the next one when there is room", async () => {
      const [who, other] = [persona(), persona()];
      const crowd = Array.from({ length: CROWD }, (_, index) => ownersOf(who, `job ${index}`)).flat();
      await meshOf(who).holdIntention(pairOf(who), crowd, never);
      const owners = (await intentionOf(meshOf(who), pairOf(who)))?.owners ?? [];
      expect(owners.length).toBeGreaterThan(30);
      expect(owners.length).toBeLessThan(CROWD);
      await meshOf(other).holdIntention(pairOf(who), ownersOf(other), never);
      expect((await intentionOf(meshOf(who), pairOf(who)))?.owners).toEqual(owners);
      await meshOf(who).holdIntention(pairOf(who), owners.slice(1), never);
      await meshOf(other).holdIntention(pairOf(who), ownersOf(other), never);
      const after = [...owners.slice(1), ...ownersOf(other)].sort();
      expect((await intentionOf(meshOf(who), pairOf(who)))?.owners).toEqual(after);
    });

    test("agents that enter at the same moment are all in, once those that were lost have entered again", async () => {
      const who = persona();
      const crew = Array.from({ length: 6 }, (_, index) => ({ ...who, node: `${who.node}-${index}` }));
      const meshes = crew.map((each) => ({ mesh: meshOf(each), owners: ownersOf(each) }));
      const all = crew.flatMap((each) => ownersOf(each)).sort();
      const enter = async ({ mesh, owners }: (typeof meshes)[number]): Promise<void> => {
        const lost = await mesh.holdIntention(pairOf(who), owners, never).catch((error: unknown) => error);
        if (lost !== undefined) expect(lost).toMatchObject({ code: "conflict", effect: "none", retry: "backoff" });
      };
      await eventually(async () => {
        await Promise.all(meshes.map(enter));
        expect((await intentionOf(meshOf(who), pairOf(who)))?.owners).toEqual(all);
      });
    });

    test("hints come when one is made, changed and taken away, by whomever", async () => {
      const who = persona();
      const mesh = meshOf(who);
      const hints = listen((signal) => mesh.intentions.changes(signal));
      await eventually(async () => expect(hints.times).toHaveLength(1));
      const acts = [
        () => mesh.holdIntention(pairOf(who), ownersOf(who), never),
        () => world().decideIntention(pairOf(who), "deny"),
        () => mesh.holdIntention(pairOf(who), ownersOf(who), never),
        () => world().removeIntention(pairOf(who)),
      ];
      await eachIsHinted(hints, acts);
      hints.stop();
      await hints.ended;
    });

    test("they are there without ACLs too", async () => {
      const who = persona();
      const mesh = world().meshWithoutAcls(who.instance, who.node);
      await mesh.holdIntention(pairOf(who), ownersOf(who), never);
      expect((await intentionOf(mesh, pairOf(who)))?.owners).toEqual(ownersOf(who));
      await mesh.holdIntention(pairOf(who), [], never);
      expect(await intentionOf(mesh, pairOf(who))).toBeUndefined();
    });

    test("a token that Consul does not know reads none and calls nothing absent", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node, "unknown");
      expect(await failure(mesh.intentions.list(never))).toMatchObject({ code: "forbidden", retry: "backoff" });
    });
  });
}
