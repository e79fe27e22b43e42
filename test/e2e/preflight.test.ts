/** What Remora finds amiss at its start it names, with the mend; what can run, runs; and when it is mended, all is well by itself. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { until } from "../rig/wait.ts";
import { inspectAll } from "./support/docker.ts";
import { plainJob } from "./support/jobs.ts";
import { readiness, untilReady } from "./support/readiness.ts";
import { openWorld } from "./support/world.ts";
import type { World } from "./support/world.ts";

const RULES: Readonly<Record<string, string>> = {
  acl: 'acl = "write"',
  agent: 'agent_prefix "" { policy = "read" }',
  node: 'node_prefix "" { policy = "read" }',
  service: 'service_prefix "" { policy = "write" }',
};

describe("a token", () => {
  let world: World;

  const use = (secret: string): Promise<void> => writeFile(join(world.directory, "token"), secret, { mode: 0o600 });
  const tokenWith = async (rules: readonly string[]): Promise<string> => {
    const { api } = world.consul;
    const Name = `weak-${crypto.randomUUID()}`;
    await api.put("/acl/policy", { Name, Rules: rules.join("\n") });
    return (await api.put<{ SecretID: string }>("/acl/token", { Description: Name, Policies: [{ Name }] })).SecretID;
  };
  const taskRuns = async (job: string): Promise<boolean> => {
    const found = await inspectAll(world.docker, { instance: world.name, job, role: "task" });
    return found.length === 1 && found[0]?.State.Status === "running";
  };

  beforeAll(async () => {
    world = await openWorld();
    await world.place("plain.hcl", plainJob({ id: "plain", image: world.rig.images.infra }));
  });
  afterEach(async () => {
    await world.agent.stop();
    await use(world.token);
  });
  afterAll(() => world.close());

  test.each(Object.keys(RULES))(
    "that lacks the rule on %s is told so by name, until it has it",
    { timeout: 90_000 },
    async (name) => {
      const others = Object.keys(RULES).filter((rule) => rule !== name);
      await use(await tokenWith(others.map((rule) => RULES[rule] ?? "")));
      await world.agent.start();
      const isNamed = async (): Promise<boolean> => (await readiness(world.agent)).includes(`lacks ${RULES[name]}: `);
      await until(isNamed, { what: "readyz to name the rule", timeoutMs: 10_000 });
      expect(await world.agent.metric("remora_condition", 'name="token"')).toBe(0);
      const { conditions } = await world.agent.status();
      expect(conditions.find((condition) => condition.name === "token")).toMatchObject({ ok: false });
      await use(world.token);
      await untilReady(world.agent);
      await until(() => taskRuns("plain"), { what: "the task to run" });
    },
  );

  test("that may not mint holds up only what needs a token", async () => {
    await use(await tokenWith(['acl = "read"', ...Object.values(RULES).slice(1)]));
    await world.agent.start();
    await world.place("later.hcl", plainJob({ id: "later", image: world.rig.images.infra }));
    await until(() => taskRuns("later"), { what: "the task to run" });
    const isNamed = async (): Promise<boolean> => (await readiness(world.agent)).includes('lacks acl = "write": add');
    await until(isNamed, { what: "readyz to name the rule", timeoutMs: 10_000 });
  });

  test("that Consul does not know is told so", async () => {
    await use(crypto.randomUUID());
    await world.agent.start();
    const isTold = async (): Promise<boolean> =>
      (await readiness(world.agent)).includes("does not know Remora's token");
    await until(isTold, { what: "readyz to say that the token is unknown", timeoutMs: 10_000 });
    await use(world.token);
    await untilReady(world.agent);
  });

  test("with every rule is all that it takes to be ready; the self-test is passed and leaves nothing behind", async () => {
    await world.agent.start();
    await untilReady(world.agent);
    const { conditions } = await world.agent.status();
    const found = Object.fromEntries(conditions.map(({ name, ok, note = false }) => [name, { ok, note }]));
    const well = { ok: true, note: false };
    for (const name of ["consul", "connect", "acl", "token", "docker", "advertise", "reachability", "isolation"])
      expect(found, name).toMatchObject({ [name]: well });
    expect(await inspectAll(world.docker, { instance: world.name, role: "probe" })).toEqual([]);
    expect(await world.agent.metric("remora_condition", 'name="isolation"')).toBe(1);
  });
});
