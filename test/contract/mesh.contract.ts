/** The Mesh port's contract: every sentence of its comments, held against whatever a factory makes. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureTests, restartTests } from "./mesh-failures.ts";
import { gateTests } from "./mesh-gate.ts";
import { never } from "./mesh-hands.ts";
import type { MeshWorld } from "./mesh-hands.ts";
import { hintTests } from "./mesh-hints.ts";
import { intentionTests } from "./mesh-intentions.ts";
import { leavingTests } from "./mesh-leaving.ts";
import { registrationTests } from "./mesh-registrations.ts";
import { persona } from "./mesh-specs.ts";
import { tokenTests } from "./mesh-tokens.ts";

export function meshContract(name: string, start: () => Promise<MeshWorld>): void {
  describe(`${name} keeps the mesh contract`, () => {
    let world: MeshWorld;
    beforeAll(async () => {
      world = await start();
    }, 60_000);
    afterAll(() => world.stop());

    describe("info", () => {
      test("tells who the agent is and what it can do", async () => {
        const who = persona();
        const info = await world.mesh(who.instance, who.node).info(never);
        expect(info).toMatchObject({ datacenter: "dc1", connectEnabled: true, aclsEnabled: true });
        expect(info.version).toMatch(/^\d+\.\d+\.\d+/);
        expect(info.nodeName).not.toBe("");
        expect(info.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
        expect(info.grpc?.port).toBeGreaterThan(0);
        expect(info.grpc?.tls).toBe(false);
        expect(info.envoys[0]).toMatch(/^\d+\.\d+\.\d+$/);
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
    intentionTests(() => world);
    hintTests(() => world);
    failureTests(() => world);
    restartTests(() => world);
  });
}
