/** A controller over a world that stands still: as many whole groups as one likes, ports that answer at once, a clock that is turned on by hand. */
import { setTimeout as delay } from "node:timers/promises";
import { Hints } from "../../src/adapters/hints.ts";
import { Controller } from "../../src/controller/controller.ts";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import type { Container, Volume } from "../../src/model/container.ts";
import type { Registration, Token } from "../../src/model/registration.ts";
import { Secret } from "../../src/model/secret.ts";
import type { DirectoryReading } from "../../src/ports/files.ts";
import type { Mesh, MeshInfo } from "../../src/ports/mesh.ts";
import type { EngineEvent } from "../../src/ports/observer.ts";
import type { Runtime } from "../../src/ports/runtime.ts";
import type { Source } from "../../src/ports/source.ts";
import type { Clock } from "../../src/ports/time.ts";
import { FakeState } from "../sim/files.ts";
import { meshJob } from "../e2e/support/jobs.ts";
import { aSettings } from "../support/builders.ts";
import { Picture } from "../support/picture.ts";

/** What one whole group leaves in the world. */
export interface Whole {
  readonly file: string;
  readonly text: string;
  readonly containers: readonly Container[];
  readonly volumes: readonly Volume[];
  readonly registrations: readonly Registration[];
  readonly tokens: readonly Token[];
}

// Straight to Consul: then the ground is a network alone.
const settings = aSettings({ consulForGroups: "http://10.0.0.5:8500", network: "bench" });

/** Each is a job of one group with one mesh service, as the plan itself brings it up. */
export function wholeGroups(count: number): readonly Whole[] {
  return Array.from({ length: count }, (_, at): Whole => {
    const id = `job-${String(at).padStart(5, "0")}`;
    const text = meshJob({ id, image: "app:1" });
    const { job } = parseJobFile(`${id}.hcl`, text);
    if (job === undefined) throw new Error("the bench's own job file is not valid");
    const picture = Picture.of(job);
    picture.settings = settings;
    picture.settle();
    const own = (container: Container): Container => ({
      ...container,
      id: `${id}-${container.id}`,
      networkMode: container.networkMode.replace("container:", `container:${id}-`),
    });
    const { volumes, registrations, tokens } = picture;
    return { file: `${id}.hcl`, text, containers: picture.containers.map(own), volumes, registrations, tokens };
  });
}

const REST_MS = 50;

export class StillWorld {
  readonly #controller: Controller;
  readonly #stop = new AbortController();
  readonly #directory: Still<DirectoryReading>;
  readonly #clock = new HandClock();
  #files: readonly Whole[];
  /** Told of every event. */
  #listen: (event: EngineEvent) => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(groups: readonly Whole[]) {
    this.#files = groups;
    this.#directory = new Still(readingOf(groups));
    this.#controller = new Controller({
      settings,
      version: "bench",
      runtime: stillRuntime(groups),
      mesh: stillMesh(groups),
      prober: { sidecar: () => Promise.resolve(undefined) },
      directory: this.#directory,
      state: new FakeState(),
      clock: this.#clock,
      random: () => 0.5,
      observer: (event) => this.#listen(event),
      parse: parseJobFile,
    });
  }

  /** Milliseconds of processor time until every group has had a turn and was found whole. */
  async start(): Promise<number> {
    return this.#until("settled", this.#files.length, () => {
      this.#running = this.#controller.run(this.#stop.signal);
    });
  }

  /** The same for one resync over everything. */
  resync(): Promise<number> {
    return this.#until("settled", this.#files.length, () => this.#clock.ring());
  }

  /** Milliseconds of processor time from the change of one file to the end of the turn that acts on it. */
  change(at: number): Promise<number> {
    this.#files = this.#files.map((each, index) => (index === at ? retagged(each) : each));
    return this.#until("acted", 1, () => this.#directory.show(readingOf(this.#files)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#clock.ring();
    await this.#running;
  }

  /** What is left of the work before is not this one's. */
  async #until(result: string, groups: number, begin: () => void): Promise<number> {
    await delay(REST_MS);
    const seen = new Set<string>();
    return new Promise((done) => {
      const before = process.cpuUsage();
      this.#listen = (event) => {
        if (event.kind === "reconciled" && event.result === result) seen.add(event.key);
        if (seen.size < groups) return;
        this.#listen = () => undefined;
        const { user, system } = process.cpuUsage(before);
        done((user + system) / 1_000);
      };
      begin();
    });
  }
}

/** Short sleeps are real; long ones last until the bell is rung. */
class HandClock implements Clock {
  readonly #bell = new EventTarget();

  now(): number {
    return Date.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms < 1_000 ? setTimeout(() => wake(), ms) : undefined;
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        this.#bell.removeEventListener("ring", wake);
        resolve();
      };
      signal?.addEventListener("abort", wake, { once: true });
      if (timer === undefined) this.#bell.addEventListener("ring", wake, { once: true });
    });
  }

  ring(): void {
    this.#bell.dispatchEvent(new Event("ring"));
  }
}

/** A source that always shows the same, until it is told to show something else. */
class Still<T> implements Source<T> {
  #value: T;
  readonly #watchers = new Set<Hints>();

  constructor(value: T) {
    this.#value = value;
  }

  list(): Promise<T> {
    return Promise.resolve(this.#value);
  }

  async *changes(signal: AbortSignal): AsyncGenerator<void> {
    const hints = new Hints();
    signal.addEventListener("abort", () => hints.end(), { once: true });
    this.#watchers.add(hints);
    hints.notify();
    yield* hints.read();
  }

  show(value: T): void {
    this.#value = value;
    for (const hints of this.#watchers) hints.notify();
  }
}

function readingOf(groups: readonly Whole[]): DirectoryReading {
  return { ok: true, device: "1", files: groups.map(({ file, text }) => ({ path: file, text, hash: text })) };
}

let edition = 0;

/** A change that needs a registration and nothing else. */
function retagged(group: Whole): Whole {
  const text = group.text.replace(/tags = .*\n|(?=port = )/, `tags = ["edition-${++edition}"]\n`);
  return { ...group, text };
}

function stillRuntime(groups: readonly Whole[]): Runtime {
  const reading = new Still({
    containers: groups.flatMap(({ containers }) => containers),
    volumes: groups.flatMap(({ volumes }) => volumes),
  });
  const network = {
    id: "bench",
    name: settings.network,
    owned: true,
    gateway: "10.1.0.1",
    isolated: true,
    containers: 1,
  };
  return {
    list: () => reading.list(),
    changes: (signal) => reading.changes(signal),
    info: () => Promise.resolve({ name: "bench", version: "bench", apiVersion: "1.41" }),
    hasImage: () => Promise.resolve(true),
    pullImage: nothing,
    network: () => Promise.resolve(network),
    createNetwork: nothing,
    removeNetwork: nothing,
    createContainer: nothing,
    startContainer: nothing,
    signalContainer: nothing,
    removeContainer: nothing,
    putFiles: nothing,
    exec: () => Promise.resolve({ exitCode: 0, stdout: "" }),
    removeVolume: nothing,
  };
}

const CONSUL: MeshInfo = {
  version: "1.16.4",
  datacenter: "dc1",
  nodeName: "bench",
  address: "10.1.0.1",
  connectEnabled: true,
  aclsEnabled: true,
  envoys: [],
};

function stillMesh(groups: readonly Whole[]): Mesh {
  return {
    info: () => Promise.resolve(CONSUL),
    lacks: () => Promise.resolve([]),
    registrations: new Still(groups.flatMap(({ registrations }) => registrations)),
    tokens: new Still(groups.flatMap(({ tokens }) => tokens)),
    intentions: new Still([]),
    holdIntention: nothing,
    register: nothing,
    deregister: nothing,
    enableMaintenance: nothing,
    mintToken: nothing,
    readSecret: () => Promise.resolve(new Secret("bench")),
    canUse: () => Promise.resolve(true),
    deleteToken: nothing,
  };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
