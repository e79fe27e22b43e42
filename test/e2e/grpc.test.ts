/** Envoy wanted, and a Consul whose gRPC is off: what needs none runs, the sentence says the mend, and once it is done Remora goes on by itself. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { meshJob, plainJob } from "./support/jobs.ts";
import { readiness } from "./support/readiness.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

describe("an agent whose proxy is Envoy, on a Consul without gRPC", () => {
  let world: World;

  const reason = async (job: string): Promise<string> => (await world.agent.groups(job))[0]?.reason ?? "";

  /** What the operator does in Consul's configuration file. */
  const setGrpc = async (port: number): Promise<void> => {
    const file = join(world.consul.directory, "agent.json");
    const config = JSON.parse(await readFile(file, "utf8")) as { readonly ports: object };
    await writeFile(file, JSON.stringify({ ...config, ports: { ...config.ports, grpc: port } }));
    await world.consul.restart();
  };

  beforeAll(async () => {
    world = await openWorld({ flags: ["--proxy", "envoy"] });
    await setGrpc(-1);
    await world.agent.start();
    await world.place("plain.hcl", plainJob({ id: "plain", image: world.rig.images.infra }));
    await world.place("mesh.hcl", meshJob({ id: "mesh", image: world.rig.images.counterApi }));
  });
  afterAll(() => world.close());

  test("runs what needs no sidecar, and tells of what does what to set in Consul", async () => {
    const runs = async (): Promise<boolean> => (await world.agent.groups("plain"))[0]?.state === "running";
    await until(runs, { what: "the job without a service to run" });
    const waits = async (): Promise<boolean> => (await reason("mesh")).includes("set ports { grpc = 8502 }");
    await until(waits, { what: "the mesh job to say what it waits for" });
    expect(await readiness(world.agent)).toContain("grpc: gRPC is off on the Consul agent");
  });

  test("goes on by itself when it is on", async () => {
    await setGrpc(world.consul.ports.grpc);
    const isMended = async (): Promise<boolean> => !(await readiness(world.agent)).includes("grpc");
    await until(isMended, { what: "the condition to hold", timeoutMs: 60_000 });
    // The image of Consul's preferred version is asked for by its name; whether it can be had is another matter.
    const asks = /the image \S*envoy:v\d\S* (?:is being|cannot be) pulled/;
    const goesOn = async (): Promise<boolean> => {
      const [mesh] = await world.agent.groups("mesh");
      return mesh?.state === "running" || asks.test(mesh?.reason ?? "");
    };
    await until(goesOn, { what: "the sidecar's image to be looked for, or the group to run", timeoutMs: 60_000 });
    expect((await world.agent.groups("plain"))[0]?.state).toBe("running");
  });
});
