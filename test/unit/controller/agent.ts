/** A whole controller on a simulated engine and Consul on which nothing goes wrong unless a test makes it: jobs in, what became of them out. */
import { Controller } from "../../../src/controller/controller.ts";
import type { ParsedFile } from "../../../src/controller/jobs.ts";
import type { Job } from "../../../src/model/job.ts";
import type { Plan } from "../../../src/model/plan.ts";
import type { Condition, GroupStatus } from "../../../src/model/status.ts";
import type { Settings } from "../../../src/model/settings.ts";
import type { Mesh } from "../../../src/ports/mesh.ts";
import type { Runtime } from "../../../src/ports/runtime.ts";
import { aSettings } from "../../support/builders.ts";
import { settled, SimClock } from "../../sim/clock.ts";
import { fakeMesh } from "../../sim/fakes/consul/mesh.ts";
import { FakeConsul } from "../../sim/fakes/consul/world.ts";
import { FakeDocker } from "../../sim/fakes/docker/fake-docker.ts";
import { fakeRuntime } from "../../sim/fakes/docker/fake-runtime.ts";
import { contentHash, FakeDirectory, FakeState } from "../../sim/files.ts";

/** Long enough that nothing happens only because everything is looked at again. */
const RESYNC = 3_600_000;

export class TestAgent {
  readonly clock = new SimClock(() => 0.5);
  readonly docker = new FakeDocker(this.clock);
  readonly state = new FakeState();
  readonly consul = new FakeConsul({ clock: this.clock, acls: false, syncDelay: 0, address: aSettings().advertise });
  readonly #directory = new FakeDirectory();
  readonly #controller: Controller;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  /** `over` is what the engine does differently, `mesh` what Consul does. */
  constructor(
    over: (runtime: Runtime) => Partial<Runtime> = () => ({}),
    given: Partial<Settings> = {},
    mesh: Partial<Mesh> = {},
  ) {
    const settings = aSettings({ aclsEnabled: false, resync: RESYNC, ...given });
    const { instance, node } = settings;
    const runtime = fakeRuntime(this.docker, instance);
    for (const image of [...Object.values(settings.images), "app:1", "app:2"]) this.docker.addImage(image);
    this.#controller = new Controller({
      settings,
      version: "test",
      runtime: { ...runtime, ...over(runtime) },
      mesh: { ...fakeMesh(this.consul, instance, node, this.clock, ""), ...mesh },
      prober: { sidecar: async () => undefined },
      directory: this.#directory,
      state: this.state,
      clock: this.clock,
      random: () => 0.5,
      observer: () => undefined,
      parse: (_, text): ParsedFile => ({ job: JSON.parse(text) as Job, diagnostics: [] }),
    });
    this.#running = this.#controller.run(this.#stop.signal);
  }

  /** Resolves when it has ended, which may take time that has to be let pass. */
  stop(): Promise<void> {
    this.#stop.abort();
    return this.#running;
  }

  /** Breaks the stream of the engine's events, so that it is listed anew soon. */
  startle(): void {
    this.docker.breakStreams(new Error("the stream broke"));
  }

  put(path: string, job: Job): this {
    this.#directory.write(path, JSON.stringify(job));
    return this;
  }

  take(path: string): this {
    this.#directory.remove(path);
    return this;
  }

  /** What `remora plan` would be told: of these files, or of the whole directory. */
  plan(
    files?: Readonly<Record<string, Job>>,
    more: { readonly whole?: boolean; readonly sensitive?: readonly string[] } = {},
  ): Plan {
    const planned = Object.entries(files ?? {}).map(([path, job]) => ({
      path,
      hash: contentHash(JSON.stringify(job)),
      job,
      diagnostics: [],
    }));
    const { whole = false, sensitive = [] } = more;
    const plan = this.#controller.plan({ whole, sensitive, ...(files === undefined ? {} : { files: planned }) });
    if (plan === undefined) throw new Error("not everything has been read yet");
    return plan;
  }

  /** The operator's order. */
  order(job: string): Promise<boolean> {
    return this.#controller.stopJob(job);
  }

  condition(name: string): Condition | undefined {
    return this.#controller.conditions.find((each) => each.name === name);
  }

  /** Lets a minute pass. */
  async rests(ms = 60_000): Promise<void> {
    await settled();
    const end = this.clock.now() + ms;
    while (await this.clock.step(end));
  }

  /** State and reason of each job, by id. */
  jobs(): readonly (readonly [string, string, string | undefined])[] {
    return this.#controller.status().jobs.map(({ id, state, held }) => [id, state, held] as const);
  }

  group(job: string, name: string): GroupStatus | undefined {
    const found = this.#controller.status().jobs.find(({ id }) => id === job);
    return found?.groups.find(({ group }) => group === name);
  }

  /** Kills every container of an image behind the controller's back. */
  kill(image: string): void {
    for (const { id, spec } of this.docker.containers.values()) if (spec.image === image) this.docker.kill(id);
  }

  /** Images of the running containers, the relay's apart. */
  images(): readonly string[] {
    const running = [...this.docker.containers.values()].filter(({ state }) => state === "running");
    return running
      .map(({ spec }) => spec.image)
      .filter((image) => image !== "remora:1")
      .sort();
  }

  /** Name of the job's version that was noted as whole. */
  async stable(id: string): Promise<unknown> {
    const noted = (await this.state.load("stable")).get(id) as { readonly job: Job } | undefined;
    return noted?.job.name;
  }
}
