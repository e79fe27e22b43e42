/** The self-test on a simulated engine: what it finds, what it leaves, and when it is made again. */
import { describe, expect, test } from "vitest";
import { Pulls } from "../../../src/controller/pulls.ts";
import { SelfTest } from "../../../src/controller/self-test.ts";
import { PASSED, type Verdict } from "../../../src/controller/verdict.ts";
import { instanceLabels, LABEL } from "../../../src/model/labels.ts";
import { PortFailure } from "../../../src/ports/failure.ts";
import type { Runtime, RuntimeReading } from "../../../src/ports/runtime.ts";
import { aSettings } from "../../support/builders.ts";
import { SimClock } from "../../sim/clock.ts";
import { fakeMesh } from "../../sim/fakes/consul/mesh.ts";
import { FakeConsul } from "../../sim/fakes/consul/world.ts";
import { FakeDocker } from "../../sim/fakes/docker/fake-docker.ts";
import { fakeRuntime } from "../../sim/fakes/docker/fake-runtime.ts";
import { FakeState } from "../../sim/files.ts";

const { signal } = new AbortController();
const SETTINGS = aSettings();
const MARKS = instanceLabels(SETTINGS.instance);

/** A host with the network and a relay on it; `agent` is a new process there. */
class Host {
  readonly clock = new SimClock(() => 0.5);
  readonly docker = new FakeDocker(this.clock);
  readonly state = new FakeState();
  readonly real = fakeRuntime(this.docker, SETTINGS.instance);
  /** Steps of all agents, with what they failed with. */
  readonly steps: string[] = [];
  ground: string | undefined;

  async open(): Promise<this> {
    this.docker.addImage(SETTINGS.images.infra);
    await this.addNetwork();
    this.addRelay();
    return this;
  }

  async addNetwork(): Promise<void> {
    await this.real.createNetwork({ name: SETTINGS.network, labels: MARKS }, signal);
  }

  addRelay(): void {
    this.docker.addForeign({ name: "relay", labels: { ...MARKS, [LABEL.role]: "relay" } });
  }

  agent(
    over: Partial<Runtime> = {},
    leaving = signal,
  ): () => Promise<{ readonly verdict: Verdict; readonly again?: number }> {
    const { clock, state } = this;
    const runtime: Runtime = { ...this.real, ...over };
    const mesh = fakeMesh(new FakeConsul({ clock }), SETTINGS.instance, SETTINGS.node, clock);
    let reading: RuntimeReading | undefined;
    const informer = {
      get reading() {
        return reading;
      },
      mark: () => 0,
      freshAfter: async () => void (reading = await runtime.list(signal)),
    };
    const selfTest = new SelfTest({
      settings: SETTINGS,
      tools: { runtime, mesh, clock },
      runtime: informer,
      state,
      pulls: new Pulls({ runtime, clock, random: () => 0.5, wake: () => undefined, signal }),
      observer: (event) => {
        if (event.kind === "step") this.steps.push(`${event.step} ${event.error ?? ""}`.trim());
      },
      random: () => 0.5,
      portsInUse: () => new Set(),
      ground: () => this.ground,
      signal,
      leaving,
    });
    return async () => {
      await informer.freshAfter();
      return selfTest.turn(await runtime.info(signal));
    };
  }

  get probes(): readonly string[] {
    const all = [...this.docker.containers.values()];
    return all.filter(({ spec }) => spec.labels[LABEL.role] === "probe").map(({ spec }) => spec.name);
  }
}

const MADE = ["run-probe", "run-probe", "remove-container", "remove-container"];

describe("the self-test", () => {
  test("is passed where containers reach published ports only, and leaves nothing", async () => {
    const host = await new Host().open();
    expect((await host.agent()()).verdict).toEqual(PASSED);
    expect(host.steps).toEqual(MADE);
    expect(host.probes).toEqual([]);
  });

  test("finds that bridged traffic is not filtered, and that Docker has no userland proxy", async () => {
    const host = await new Host().open();
    host.docker.filtersBridges = false;
    expect((await host.agent()()).verdict).toEqual({ kind: "tried", isReachable: true, isIsolated: false });
    host.docker.filtersBridges = true;
    host.docker.hasUserlandProxy = false;
    expect((await host.agent()()).verdict).toEqual({ kind: "tried", isReachable: false, isIsolated: true });
    expect(host.probes).toEqual([]);
  });

  test("once passed is made neither by a later turn nor by the next agent", async () => {
    const host = await new Host().open();
    const turn = host.agent();
    await turn();
    expect((await turn()).verdict).toEqual(PASSED);
    expect((await host.agent()()).verdict).toEqual(PASSED);
    expect(host.steps).toEqual(MADE);
  });

  test.each<[string, (host: Host) => void | Promise<void>]>([
    ["the engine says something else of bridges", ({ docker }) => void (docker.filtersBridges = false)],
    [
      "the network is another",
      (host) => {
        host.docker.networks.clear();
        return host.addNetwork();
      },
    ],
    [
      "the engine, and so the relay, was started again",
      (host) => {
        host.docker.removeBehindBack("relay");
        host.addRelay();
      },
    ],
    ["the state directory was lost", ({ state }) => state.clear()],
  ])("is made again by the next agent when %s", async (_, change) => {
    const host = await new Host().open();
    await host.agent()();
    host.steps.length = 0;
    await host.clock.step(host.clock.now() + 1_000);
    await host.agent()();
    expect(host.steps).toEqual([]);
    await change(host);
    await host.agent()();
    expect(host.steps).toContain("run-probe");
  });

  test("that is not passed is made again, later and later, until it is", async () => {
    const host = await new Host().open();
    host.docker.hasUserlandProxy = false;
    const turn = host.agent();
    const first = await turn();
    expect(first.again).toBeGreaterThan(10_000);
    expect((await turn()).again).toBeLessThanOrEqual(first.again ?? 0);
    expect(host.steps).toEqual(MADE);
    await pass(host, first.again ?? 0);
    expect((await turn()).again).toBeGreaterThan(first.again ?? 0);
    host.docker.hasUserlandProxy = true;
    await pass(host, 60_000);
    expect((await turn()).verdict).toEqual(PASSED);
  });

  test("removes what an agent left that ended in the middle of it", async () => {
    const host = await new Host().open();
    host.docker.addForeign({ name: "old", labels: { ...MARKS, [LABEL.role]: "probe" } });
    await host.agent()();
    expect(host.probes).toEqual([]);
  });

  test("waits for the ground and for the image, and says so", async () => {
    const host = await new Host().open();
    host.ground = "the relay to Consul is being started";
    expect((await host.agent()()).verdict).toEqual({ kind: "waiting", why: host.ground });
    host.ground = undefined;
    host.docker.images.clear();
    expect((await host.agent()()).verdict).toEqual({
      kind: "waiting",
      why: `the image ${SETTINGS.images.infra} is being pulled`,
    });
    expect(host.steps).toEqual([]);
  });

  test("takes one port that is in use for chance, and three in a row for an address that is not the host's", async () => {
    const host = await new Host().open();
    const startContainer: Runtime["startContainer"] = async (name) => {
      if (name.includes("listener")) throw refused("port-taken", "cannot assign requested address");
      await host.real.startContainer(name, signal);
    };
    const turn = host.agent({ startContainer });
    const kinds = [(await turn()).verdict.kind, (await turn()).verdict.kind, (await turn()).verdict.kind];
    expect(kinds).toEqual(["waiting", "waiting", "unpublished"]);
    expect(host.probes).toEqual([]);
  });

  test.each<[string, Partial<Runtime>]>([
    ["whose port is not published", { startContainer: () => Promise.reject(refused("port-taken", "not assignable")) }],
    ["that cannot be made", { exec: () => Promise.reject(refused("server", "exec is broken")) }],
  ])("%s is made less and less often, at least every five minutes", async (_, over) => {
    const host = await new Host().open();
    const turn = host.agent(over);
    const pauses: number[] = [];
    for (let at = 0; at < 12; at++) {
      const before = host.steps.length;
      const { again = 0 } = await turn();
      expect(host.steps.length).toBeGreaterThan(before);
      if (again === 0) continue;
      const after = host.steps.length;
      await pass(host, again - 1);
      expect((await turn()).again).toBe(1);
      expect(host.steps).toHaveLength(after);
      await pass(host, 1);
      pauses.push(again);
    }
    expect(pauses.length).toBeGreaterThan(9);
    expect(pauses).toEqual([20_000, 40_000, 80_000, 160_000, ...pauses.slice(4).map(() => 300_000)]);
  });

  test("that cannot be made says why, and is cleaned up all the same", async () => {
    const host = await new Host().open();
    const exec: Runtime["exec"] = () => Promise.reject(refused("server", "exec is broken"));
    const { verdict, again } = await host.agent({ exec })();
    expect(verdict).toEqual({ kind: "failed", why: "docker: probe: exec is broken" });
    expect(again).toBe(20_000);
    expect(host.probes).toEqual([]);
  });
});

function refused(code: "port-taken" | "server", message: string): PortFailure {
  return new PortFailure({ code, call: "docker: probe", message, effect: "none", retry: "backoff" });
}

async function pass({ clock }: Host, ms: number): Promise<void> {
  const until = clock.now() + ms;
  while (await clock.step(until));
}
