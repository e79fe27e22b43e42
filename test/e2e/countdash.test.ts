/** A job file dropped into the directory becomes services on the mesh, and nobody gets past it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { intention } from "../rig/consul-api.ts";
import { freePorts } from "../rig/ports.ts";
import { until } from "../rig/wait.ts";
import { counted, file, untilServing } from "./support/countdash.ts";
import { inRotation } from "./support/consul.ts";
import { addressOf, execIn, inspectOne } from "./support/docker.ts";
import { countdash } from "./support/jobs.ts";
import { expectWithin, timed } from "./support/timing.ts";
import { connectWithoutCertificate } from "./support/tls.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("countdash in the directory", () => {
  let world: World;
  let port = 0;

  beforeAll(async () => {
    world = await openWorld();
    [port = 0] = await freePorts(1);
    await world.agent.start();
  });
  afterAll(() => world.close());

  test("brings both services and their sidecars to passing", async () => {
    await world.place(file, await countdash(port));
    await untilServing(world);
  });

  test("is denied by the sidecars without an intention, and counts within 2 s of one", async () => {
    expect(await counted(port)).toBeUndefined();
    const allowed = async (): Promise<void> => {
      await intention(world.consul.api, "count-dashboard", "count-api");
      await until(() => counted(port), { what: "the dashboard to count" });
    };
    expectWithin("from the intention to the count", await timed(allowed), 2_000);
    const first = (await counted(port)) ?? 0;
    expect(await counted(port)).toBeGreaterThan(first);
  });

  test.each(["count-api", "count-dashboard"])(
    "%s's sidecar shows its SPIFFE id and refuses a client without a certificate",
    async (service) => {
      const [entry] = await inRotation(world.consul.api, service);
      const { Address = "", Port = 0 } = entry?.Service ?? {};
      expect(Address).toBe(world.rig.bridge);
      const { Roots, TrustDomain } = await world.consul.api.get<Authorities>("/connect/ca/roots");
      const ca = Roots.map(({ RootCert }) => RootCert);
      const refusal = await connectWithoutCertificate(Address, Port, ca);
      expect(refusal.subject).toBe(`URI:spiffe://${TrustDomain}/ns/default/dc/dc1/svc/${service}`);
      expect(refusal.trusted).toBe(true);
      expect(refusal.error).toContain("certificate");
      expect(refusal.received).toBe(0);
    },
  );

  test("leaves the app's own port out of reach of another group", async () => {
    const { docker, name: instance } = world;
    const api = await inspectOne(docker, { instance, group: "api", role: "infra" });
    const dashboard = await inspectOne(docker, { instance, group: "dashboard", role: "infra" });
    const knock = (from: string, address: string): Promise<{ code: number }> =>
      execIn(docker, from, ["sh", "-c", 'nc -w 2 "$0" 9001 </dev/null', address]);
    expect((await knock(api.Id, addressOf(api))).code).toBe(0);
    expect((await knock(dashboard.Id, addressOf(api))).code).not.toBe(0);
    expect((await knock(dashboard.Id, world.rig.bridge)).code).not.toBe(0);
  });
});

interface Authorities {
  readonly TrustDomain: string;
  readonly Roots: readonly { readonly RootCert: string }[];
}
