/** The simulated host: a Docker engine, a Consul, a job directory and a state directory, and the lives of controllers on it. */
import { Controller } from "../../src/controller/controller.ts";
import { parseJobFile } from "../../src/jobspec/parse.ts";
import type { Millis } from "../../src/model/job.ts";
import type { CheckSpec, ProxySpec } from "../../src/model/registration.ts";
import type { Settings } from "../../src/model/settings.ts";
import type { EngineEvent } from "../../src/ports/observer.ts";
import type { SidecarProbe } from "../../src/ports/prober.ts";
import { SimClock } from "./clock.ts";
import type { FakeContainer } from "./fakes/docker/container.ts";
import { FakeDocker } from "./fakes/docker/fake-docker.ts";
import { fakeRuntime } from "./fakes/docker/fake-runtime.ts";
import { fakeMesh } from "./fakes/consul/mesh.ts";
import { FakeConsul } from "./fakes/consul/world.ts";
import { FakeDirectory, FakeState } from "./files.ts";
import { BAD_TAGS, GOOD_TAGS, IMAGES, SETUP_TAG } from "./jobs.ts";
import { app, consulProxy, consulProxyFacts, envoy, type ProxyFacts } from "./programs.ts";
import type { Chance } from "./random.ts";
import { type Director, type Effect, Life, mortalClock, Wire } from "./wire.ts";
import { wiredDirectory, wiredMesh, wiredProber, wiredRuntime, wiredState } from "./wired.ts";

/** How often the agent runs its checks. */
const CHECK_INTERVAL: Millis = 5_000;
const CATALOG_DELAY: Millis = 30;

export interface WorldOptions {
  readonly chance: Chance;
  readonly acls: boolean;
  /** `none` unless told. */
  readonly intentions?: Settings["intentions"];
  /** consul unless said. */
  readonly proxy?: Settings["proxy"];
  /** Images are on the host; else they have to be pulled. */
  readonly stocked: boolean;
  /** How long after a change in the agent its catalog hears of it. */
  readonly catalogDelay?: Millis;
  readonly director: Director;
  readonly onLine: (line: string) => void;
  /** Before a change of the controller's takes effect. */
  readonly onEffect: (effect: Effect) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

export class World {
  readonly clock: SimClock;
  readonly docker: FakeDocker;
  readonly consul: FakeConsul;
  readonly directory = new FakeDirectory();
  readonly state = new FakeState();
  readonly settings: Settings;
  readonly options: WorldOptions;
  /** The controller's own token. */
  readonly secret: string;
  controller: Controller | undefined;
  /** How many there were. */
  lives = 0;
  /** When the living controller was started. */
  bornAt = 0;
  /** How often the controller changed the world, its own state files apart. */
  writes = 0;
  /** By the container's name, what each Envoy was last configured for. */
  readonly #envoys = new Map<string, ProxyFacts>();
  #life: Life | undefined;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WorldOptions) {
    this.options = options;
    const { chance, acls, intentions = "none", proxy = "consul", catalogDelay = CATALOG_DELAY } = options;
    this.clock = new SimClock(chance.fork("clock").next);
    this.docker = new FakeDocker(this.clock);
    this.consul = new FakeConsul({ clock: this.clock, acls, syncDelay: catalogDelay, address: ADVERTISE });
    this.settings = settingsOf(acls, intentions, proxy);
    this.secret = acls ? this.consul.addForeignToken("*", "the controller's own").secret : "";
    this.#stock();
    void this.#runChecks(chance.fork("checks"));
  }

  get isAlive(): boolean {
    return this.#life !== undefined && !this.#life.isOver;
  }

  /** A new process with an empty memory on the same world. */
  start(): void {
    const { director, chance, onLine, onEffect, onEvent } = this.options;
    this.lives += 1;
    this.bornAt = this.clock.now();
    const life = new Life(() => onLine("the controller is dead"));
    const mine = chance.fork(`life ${this.lives}`);
    const count = (effect: Effect): void => {
      if (effect.api !== "files") this.writes += 1;
      onEffect(effect);
    };
    const wire = new Wire({
      clock: this.clock,
      life,
      director,
      chance: mine.fork("wire"),
      log: onLine,
      onEffect: count,
    });
    const { instance, node } = this.settings;
    this.#life = life;
    this.#stop = new AbortController();
    this.controller = new Controller({
      settings: this.settings,
      version: "sim",
      runtime: wiredRuntime(wire, fakeRuntime(this.docker, instance)),
      mesh: wiredMesh(wire, fakeMesh(this.consul, instance, node, this.clock, this.secret)),
      prober: wiredProber(wire, (probe) => this.handshake(probe)),
      directory: wiredDirectory(wire, this.directory),
      state: wiredState(wire, this.state),
      clock: mortalClock(this.clock, life),
      random: mine.fork("random").next,
      observer: (event) => {
        if (!life.isOver) onEvent(event);
      },
      parse: parseJobFile,
    });
    onLine(`controller ${this.lives} starts`);
    this.#running = this.controller.run(this.#stop.signal);
  }

  /** SIGKILL: calls under way still arrive. */
  kill(): void {
    this.#life?.end();
  }

  /** SIGTERM: resolves when it has ended by itself. */
  async stop(): Promise<void> {
    this.#stop?.abort();
    await this.#running;
    this.#life?.end();
  }

  /** What a client without a certificate sees at a sidecar's port. */
  handshake({ address, port, service }: SidecarProbe): string | undefined {
    const behind = this.docker.behind(port, address);
    if (behind?.answered !== true) return `${address}:${port} is not listening`;
    const inside = [...this.docker.containers.values()].filter(({ run }) => run?.namespace.id === behind.namespace);
    const listeners = inside[0]?.run?.namespace.listeners ?? [];
    const owner = listeners.find((listener) => listener.port === behind.containerPort)?.container;
    const proxy = inside.find(({ id }) => id === owner);
    const facts = proxy === undefined ? undefined : this.proxyFacts(proxy);
    if (facts?.service !== service) return `something else listens on ${port}`;
    // Consul's built-in proxy dials the app before it shows its certificate; Envoy does not.
    const needsApp = this.settings.proxy === "consul";
    if (needsApp && !listeners.some((listener) => listener.port === facts.appPort))
      return `${address}:${port} closes the connection`;
    return undefined;
  }

  /** What a sidecar stands for; undefined while it serves nothing yet. */
  proxyFacts({ spec }: FakeContainer): ProxyFacts | undefined {
    return this.settings.proxy === "consul" ? consulProxyFacts(spec.command ?? []) : this.#envoys.get(spec.name);
  }

  /** Consul lost everything and is new at the same address; the operator put back the tokens of all others. */
  wipeConsul(): void {
    const { instance, node } = this.settings;
    const kept = this.consul.acl.all().filter(({ mark }) => mark?.instance !== instance || mark.node !== node);
    this.consul.wipe();
    for (const token of kept) this.consul.acl.put(token);
  }

  #stock(): void {
    const { chance, acls, stocked } = this.options;
    const moods = chance.fork("programs");
    const isRelayUp = (): boolean =>
      [...this.docker.containers.values()].some(
        ({ spec, state }) => spec.image === this.settings.images.remora && state === "running",
      );
    const mayServe = (service: string, token = ""): boolean =>
      isRelayUp() && this.consul.acl.mayWrite(token, service) === "yes";
    const { infra, consul, remora } = this.settings.images;
    const put = stocked ? this.docker.addImage.bind(this.docker) : this.docker.publishImage.bind(this.docker);
    this.docker.addImage(remora);
    put(infra);
    const proxy = (id: string): ProxySpec | undefined => this.consul.agent.services.get(id)?.proxy;
    put(consul, { program: consulProxy({ acls, mayServe, proxy }, moods) });
    const serves = (name: string, facts: ProxyFacts): void => void this.#envoys.set(name, facts);
    put(ENVOY_IMAGE, { program: envoy({ acls, mayServe, proxy }, moods, serves) });
    for (const [image, port] of Object.entries(IMAGES))
      for (const tag of [...GOOD_TAGS, ...BAD_TAGS, SETUP_TAG])
        put(`${image}:${tag}`, { program: app(port, tag, moods) });
    this.docker.addImage("foreign");
  }

  /** The agent lives on, whatever becomes of the controller. */
  async #runChecks(chance: Chance): Promise<never> {
    for (;;) {
      await this.clock.sleep(CHECK_INTERVAL + chance.between(0, 500));
      this.consul.runChecks((check) => (this.#answers(check) ? "passing" : "critical"));
    }
  }

  #answers({ probe }: CheckSpec): boolean {
    const at = probe.kind === "tcp" ? probe.address : probe.kind === "http" ? new URL(probe.url).host : "";
    const [address, port] = at.split(":");
    return this.docker.behind(Number(port), address)?.answered === true;
  }
}

const ADVERTISE = "192.0.2.10";

const ENVOY_IMAGE = "envoy:sim";
const ENVOY = {
  consulVersion: "1.16.4",
  version: "1.26.6",
  supported: ["1.26.6"],
  image: ENVOY_IMAGE,
  logLevel: "info",
  concurrency: 1,
};

function settingsOf(aclsEnabled: boolean, intentions: Settings["intentions"], proxy: Settings["proxy"]): Settings {
  return {
    instance: "remora",
    node: "sim",
    datacenter: "dc1",
    region: "global",
    advertise: ADVERTISE,
    aclsEnabled,
    proxy,
    ...(proxy === "envoy" ? { envoy: ENVOY } : {}),
    network: "remora",
    images: { infra: "busybox:sim", consul: "consul:sim", remora: "remora:sim" },
    portRange: { from: 20_000, to: 20_200 },
    pruneDelay: 2_000,
    deadMan: 3_600_000,
    resync: 10_000,
    relayVolume: "remora-relay",
    relay: { http: "http://127.0.0.1:8500" },
    intentions,
    workers: 4,
  };
}
