/** The contract of failures: bad credentials, calls given up, a Consul that restarts. */
import { describe, expect, test } from "vitest";
import { rightsFor } from "../../src/model/policy.ts";
import type { Right } from "../../src/model/policy.ts";
import type { Mesh } from "../../src/ports/mesh.ts";
import { eventually, failure, inCatalog, listen, never } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { idOf, ownersOf, pairOf, persona, serviceSpec, tokenSpec } from "./mesh-specs.ts";
import type { Persona } from "./mesh-specs.ts";

const POLICY = rightsFor({ intentions: "none" });

export function failureTests(world: () => MeshWorld): void {
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

    test("what the controller's token may not do is told without doing it", async () => {
      const who = persona();
      const lacks = (own?: "powerless"): Promise<readonly Right[]> =>
        world().mesh(who.instance, who.node, own).lacks(POLICY, never);
      expect(await lacks()).toEqual([]);
      expect(await lacks("powerless")).toEqual(POLICY);
      expect(await world().meshWithoutAcls(who.instance, who.node).lacks(POLICY, never)).toEqual([]);
      const unknown = world().mesh(who.instance, who.node, "unknown").lacks(POLICY, never);
      expect(await failure(unknown)).toMatchObject({ code: "forbidden", effect: "none", retry: "backoff" });
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
export function restartTests(world: () => MeshWorld): void {
  describe("a restart of Consul", () => {
    test("breaks every stream with a failure; what was registered and minted is there afterwards", async () => {
      const who = persona();
      const mesh = world().mesh(who.instance, who.node);
      await mesh.mintToken(tokenSpec(who), never);
      await mesh.register(serviceSpec(who), undefined, never);
      await inCatalog(mesh, idOf(who));
      const sources = [mesh.registrations, mesh.tokens, mesh.intentions];
      const streams = sources.map((source) => listen((signal) => source.changes(signal)));
      const ends = streams.map(({ ended }) => failure(ended));
      await eventually(async () => expect(streams.map(({ times }) => times.length)).toEqual([1, 1, 1]));
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
    holdIntention: () => mesh.holdIntention(pairOf(who), ownersOf(who), signal),
  };
}
