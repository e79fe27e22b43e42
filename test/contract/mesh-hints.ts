/** The contract of hints. */
import { describe, expect, test } from "vitest";
import { eachIsHinted, eventually, inCatalog, listen, never } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { idOf, persona, serviceSpec, tokenSpec } from "./mesh-specs.ts";

export function hintTests(world: () => MeshWorld): void {
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
      await eachIsHinted(hints, acts);
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
      for (const source of [mesh.registrations, mesh.tokens, mesh.intentions]) {
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
