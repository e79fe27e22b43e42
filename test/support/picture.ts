/** An in-memory picture of Docker and Consul to which the plan's steps are applied at once: the plan's own words, played out. */
import type { Desired, GroupInput, GroupPlan } from "../../src/controller/group.ts";
import { type Lookups, lookupsOf } from "../../src/controller/lookups.ts";
import { planGroup } from "../../src/controller/plan.ts";
import type { Container, ContainerSpec, Volume } from "../../src/model/container.ts";
import type { Job, TaskGroup } from "../../src/model/job.ts";
import { LABEL, refOf, roleOf } from "../../src/model/labels.ts";
import { readPorts } from "../../src/model/ports.ts";
import { type Registration, type ServiceSpec, sidecarId, type Token } from "../../src/model/registration.ts";
import type { Settings } from "../../src/model/settings.ts";
import type { GroupStatus } from "../../src/model/status.ts";
import { type Step, subjectOf } from "../../src/model/step.ts";
import type { AllocMemory, AllocProbe } from "../../src/reconcilers/view.ts";
import { aSettings, NOW } from "./builders.ts";
import { listeningIn, nameOf } from "./members.ts";
import { entriesOf } from "./registered.ts";

const UUID = /-?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-?/g;

/** More turns than any plan needs to settle. */
const ENOUGH = 50;

/** One group of one job: what is wanted, what is there, and what was done so far. */
export class Picture {
  now = NOW;
  settings: Settings = aSettings();
  desired: Desired = { kind: "remove" };
  containers: Container[] = [];
  volumes: Volume[] = [];
  registrations: Registration[] = [];
  tokens: Token[] = [];
  memory: ReadonlyMap<string, AllocMemory> = new Map();
  missingImages = new Map<string, string>();
  takenPorts = new Set<number>();
  ground: string | undefined;
  /** Members, by their task's name, that do not end when they are told to. */
  readonly deaf = new Set<string>();
  /** Members, by their task's name, that run without listening. */
  readonly mute = new Set<string>();
  /** Every step so far, in words: `A run-member web`, A being the first allocation that was ever seen. */
  readonly done: string[] = [];
  /** Every container that was asked for so far. */
  readonly made: ContainerSpec[] = [];
  plan: GroupPlan | undefined;
  readonly #job: string;
  readonly #group: string;
  readonly #letters = new Map<string, string>();
  #count = 0;

  constructor(job: string, group: string) {
    this.#job = job;
    this.#group = group;
  }

  /** A picture in which nothing exists and the first group of the job is wanted. */
  static of(job: Job): Picture {
    const [group] = job.groups;
    if (group === undefined) throw new Error("the job has no group");
    const picture = new Picture(job.id, group.name);
    picture.want(job, group);
    return picture;
  }

  /** `stable` is the group as it was in the version that was whole before. */
  want(job: Job, group: TaskGroup, stable?: TaskGroup): void {
    this.desired = { kind: "run", job, group, ...(stable === undefined ? {} : { stable: { job, group: stable } }) };
  }

  get status(): GroupStatus {
    if (this.plan === undefined) throw new Error("nothing was planned yet");
    return this.plan.status;
  }

  /** One turn: looks, plans and does what is due. Returns the steps in words. */
  turn(): readonly string[] {
    const plan = planGroup(this.#input());
    this.plan = plan;
    this.memory = plan.memory;
    const told = plan.lanes.flatMap(({ alloc, steps }) => steps.map((step) => this.#tell(alloc, step)));
    for (const { steps } of plan.lanes) for (const step of steps) this.#apply(step);
    this.done.push(...told);
    return told;
  }

  /** Turns until no steps are due; no time passes but the second in which proxies learn of a drain. Returns all steps in words. */
  settle(): readonly string[] {
    const told: string[] = [];
    for (let count = 0; count < ENOUGH; count++) {
      const steps = this.turn();
      if (steps.length === 0 && !this.#waitsForProxies()) return told;
      told.push(...steps);
    }
    throw new Error(`it does not settle:\n${told.slice(-20).join("\n")}`);
  }

  #waitsForProxies(): boolean {
    const { recheck, status } = this.plan ?? {};
    const leaves = status?.allocs.some(
      ({ state, reason }) => state === "failed" || reason.startsWith("out of rotation"),
    );
    const waits = recheck !== undefined && recheck <= 1_000 && leaves === true;
    if (waits) this.now += 1_000;
    return waits;
  }

  /** A new process: all that is not in the world is forgotten. */
  restart(): void {
    this.memory = new Map();
    this.plan = undefined;
  }

  container(name: string, letter?: string): Container {
    const found = this.containers.filter((each) => nameOf(each) === name && this.#isOf(each, letter));
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} containers are named ${name}`);
    return only;
  }

  /** Docker removes it, or its process ends, behind Remora's back. */
  lose(name: string, letter?: string): void {
    const lost = this.container(name, letter);
    this.containers = this.containers.filter((each) => each !== lost);
  }

  exit(name: string, exitCode = 1, letter?: string): void {
    this.change(name, { state: "exited", finishedAt: this.now, exitCode }, letter);
  }

  registration(name: string): Registration {
    const found = this.registrations.find((entry) => entry.name === name);
    if (found === undefined) throw new Error(`${name} is not registered`);
    return found;
  }

  /** The letter of an allocation, given when it is first seen. */
  letter(alloc: string): string {
    const known = this.#letters.get(alloc);
    if (known !== undefined) return known;
    const made = String.fromCodePoint(65 + this.#letters.size);
    this.#letters.set(alloc, made);
    return made;
  }

  /** What the next turn would look into beyond the stores. */
  lookups(): Lookups {
    const { desired, memory, settings, now, containers, volumes, registrations, tokens } = this;
    return lookupsOf({ desired, memory, settings, now, observed: { containers, volumes, registrations, tokens } });
  }

  #isOf({ ref }: Container, letter: string | undefined): boolean {
    return letter === undefined || (ref !== undefined && this.letter(ref.alloc) === letter);
  }

  #input(): GroupInput {
    const { desired, memory, settings, now, containers, volumes, registrations, tokens } = this;
    const observed = { containers, volumes, registrations, tokens };
    const base = { desired, observed, memory, settings, now };
    const { images } = this.lookups();
    return {
      ...base,
      job: this.#job,
      group: this.#group,
      probes: this.#probes(),
      missingImages: new Map([...this.missingImages].filter(([image]) => images.includes(image))),
      takenPorts: new Set([
        ...this.takenPorts,
        ...containers.flatMap(({ labels }) => (readPorts(labels[LABEL.ports]) ?? []).map(({ value }) => value)),
      ]),
      ground: this.ground,
      before: this.plan?.status,
      random: () => 0,
    };
  }

  /** What can be seen of the namespaces that the plan wants to look into. */
  #probes(): ReadonlyMap<string, AllocProbe> {
    const { desired } = this;
    if (desired.kind !== "run") return new Map();
    return new Map(
      this.lookups().allocs.map(({ alloc, sidecars }): [string, AllocProbe] => {
        const mine = this.containers.filter(({ ref }) => ref?.alloc === alloc);
        const listening = listeningIn(mine, desired.group, this.mute);
        const seen = sidecars.filter(({ appPort }) => appPort === 0 || listening.has(appPort));
        return [alloc, { listening, sidecars: new Map(seen.map(({ probe }) => [probe.service, undefined])) }];
      }),
    );
  }

  #tell(alloc: string, step: Step): string {
    const about = `${this.letter(alloc)} ${step.kind}`;
    if (step.kind === "register") return `${about} ${step.service.name} ${isGated(step.service) ? "gated" : "open"}`;
    if (step.kind === "start-namespace" || step.kind === "create-namespace") return about;
    if (step.kind === "delete-token") return about;
    const subject = subjectOf(step)
      .replaceAll(UUID, " ")
      .trim()
      .replace(/^_remora /, "");
    const what = subject === "remora-infra" ? "infra" : subject;
    return step.kind === "signal" ? `${about} ${what} ${step.signal || "its own"}` : `${about} ${what}`;
  }

  #apply(step: Step): void {
    switch (step.kind) {
      case "create-namespace":
      case "run-member":
      case "run-relay":
      case "run-probe":
        return this.#create(step.spec);
      case "start-namespace":
      case "start-member":
        return this.#change(step.container, { state: "running", startedAt: this.now + ++this.#count });
      case "signal":
        return this.#signal(step.container, step.signal);
      case "remove-container":
        this.containers = this.containers.filter(({ id }) => id !== step.container);
        return;
      case "remove-volume":
        this.volumes = this.volumes.filter(({ name }) => name !== step.name);
        return;
      case "mint-token":
        this.tokens = [...this.tokens, { ...step.token, createdAt: this.now }];
        return;
      case "delete-token":
        this.tokens = this.tokens.filter(({ accessor }) => accessor !== step.accessor);
        return;
      case "register":
        return this.#register(step.service);
      case "cure-zombie":
      case "deregister":
        return this.#forget(step.id);
      case "enable-maintenance":
        this.registrations = this.registrations.map((entry) =>
          entry.id === step.id ? { ...entry, maintenance: step.reason, catalogStatus: "critical" } : entry,
        );
        return;
      case "hold-intention":
      case "pull-image":
      case "create-network":
        return;
    }
  }

  #create(spec: ContainerSpec): void {
    const number = ++this.#count;
    const ref = refOf(spec.labels);
    const role = roleOf(spec.labels);
    if (role === undefined || ref === undefined) throw new Error(`${spec.name} carries no marks`);
    if (this.containers.some(({ name }) => name === spec.name)) throw new Error(`${spec.name} is there already`);
    const { network } = spec;
    this.made.push(spec);
    this.containers.push({
      id: `c${number}`,
      name: spec.name,
      role,
      ref,
      labels: spec.labels,
      image: spec.image,
      state: "running",
      networkMode: network.kind === "container" ? `container:${network.id}` : network.kind,
      createdAt: this.now,
      startedAt: this.now + number,
      oomKilled: false,
    });
    for (const { volume } of spec.mounts) {
      const owner = refOf(volume.labels);
      if (owner === undefined || this.volumes.some(({ name }) => name === volume.name)) continue;
      this.volumes.push({ name: volume.name, ref: owner, labels: volume.labels, createdAt: this.now });
    }
  }

  /** Docker shows something else about a container than it did. */
  change(name: string, change: Partial<Container>, letter?: string): void {
    this.#change(this.container(name, letter).id, change);
  }

  #change(id: string, change: Partial<Container>): void {
    this.containers = this.containers.map((each) => (each.id === id ? { ...each, ...change } : each));
  }

  #signal(id: string, signal: string): void {
    const member = this.containers.find((each) => each.id === id);
    if (member === undefined || (this.deaf.has(nameOf(member)) && signal !== "SIGKILL")) return;
    this.#change(id, { state: "exited", finishedAt: this.now, exitCode: signal === "SIGKILL" ? 137 : 0 });
  }

  #register(service: ServiceSpec): void {
    const ref = this.containers.find(({ ref: each }) => each !== undefined && service.id.includes(each.alloc))?.ref;
    this.#forget(service.id);
    this.registrations.push(...entriesOf(service, ref));
  }

  #forget(id: string): void {
    this.registrations = this.registrations.filter((entry) => entry.id !== id && entry.id !== sidecarId(id));
  }
}

function isGated({ checks }: ServiceSpec): boolean {
  return checks.some(({ id }) => id.endsWith(":gate"));
}
