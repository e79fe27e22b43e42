/** The contract of tokens. */
import { describe, expect, test } from "vitest";
import { uuidOf } from "../../src/model/ids.ts";
import { failure, mintAndRead, never } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { persona, tokenSpec } from "./mesh-specs.ts";

export function tokenTests(world: () => MeshWorld): void {
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
