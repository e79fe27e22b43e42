/** What happens in a run: people edit files, things break, and controllers come and go, as the seed has it. */
import { refOf, roleOf } from "../../src/model/labels.ts";
import { canonicalJson } from "../../src/model/ids.ts";
import { META } from "../../src/model/registration.ts";
import type { SeededDirector } from "./director.ts";
import type { Foreign } from "./foreign.ts";
import { meddle } from "./intentions.ts";
import { BAD_TAGS, ENVOY_KINDS, GOOD_TAGS, type JobShape, jobText, KINDS } from "./jobs.ts";
import type { Chance } from "./random.ts";
import { isOurs, tokensOf } from "./truth.ts";
import type { Wishes } from "./wishes.ts";
import type { World } from "./world.ts";

export interface Stage {
  readonly world: World;
  readonly wishes: Wishes;
  readonly foreign: Foreign;
  readonly director: SeededDirector;
  readonly chance: Chance;
  readonly log: (line: string) => void;
}

/** This job is always there, so that an empty directory never means that everything is to go. */
export const ANCHOR = "anchor";
const NAMES = ["alpha", "beta"] as const;
/** The kind that has a static port is one job's alone. */
const COUNTDASH = "countdash";

export class Actions {
  readonly #stage: Stage;
  readonly #shapes = new Map<string, JobShape>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#put(ANCHOR, { kind: "bare", tag: "v1", count: 1, colour: "red" });
  }

  /** One thing happens, of those that this seed knows. */
  async act(known: readonly ActionName[]): Promise<void> {
    const { chance, log } = this.#stage;
    const name = chance.pick(known);
    if (name === undefined) return;
    log(`action ${name}`);
    const act: Act = ACTIONS[name];
    await act(this.#stage, this);
  }

  /** Everything is well again: good files, and nobody is away. */
  heal(): void {
    const { world, director } = this.#stage;
    director.outages.clear();
    world.consul.setSyncing(true);
    world.directory.setAway(false);
    for (const [id, shape] of this.#shapes) {
      const isBad = BAD_TAGS.includes(shape.tag);
      this.#put(id, isBad ? { ...shape, tag: "v3" } : shape);
    }
    if (!world.isAlive) world.start();
  }

  addJob(id: string = this.#stage.chance.pick([...NAMES, COUNTDASH]) ?? COUNTDASH): void {
    const { chance, world } = this.#stage;
    const isEnvoy = world.settings.proxy === "envoy";
    const can = (kind: JobShape["kind"]): boolean => isEnvoy || !ENVOY_KINDS.includes(kind);
    const kinds = KINDS.filter((kind) => kind !== "countdash" && kind !== "bare" && can(kind));
    const kind = id === COUNTDASH ? "countdash" : (this.#shapes.get(id)?.kind ?? chance.pick(kinds) ?? "web");
    this.#put(id, { kind, tag: chance.pick(GOOD_TAGS) ?? "v1", count: chance.between(1, 2), colour: "red" });
  }

  edit(): void {
    const { chance } = this.#stage;
    const [id, shape] = chance.pick([...this.#shapes]) ?? [];
    if (id === undefined || shape === undefined) return;
    const colour = chance.pick(["red", "green", "blue"]) ?? "red";
    const tag = chance.pick(chance.happens(0.2) ? BAD_TAGS : GOOD_TAGS) ?? "v1";
    const edits: readonly JobShape[] = [
      { ...shape, colour },
      { ...shape, tag },
      { ...shape, count: 3 - shape.count },
    ];
    this.#put(id, chance.pick(edits) ?? shape);
  }

  removeJob(): void {
    const id = this.#stage.chance.pick([...this.#shapes.keys()].filter((each) => each !== ANCHOR));
    if (id === undefined) return;
    this.#shapes.delete(id);
    this.#stage.wishes.remove(id);
  }

  /** The file is broken for a while, then as it was. */
  async spoil(): Promise<void> {
    const { chance, wishes, world } = this.#stage;
    const id = chance.pick([...this.#shapes.keys()]);
    if (id === undefined) return;
    wishes.spoil(id);
    await world.clock.sleep(chance.between(500, 20_000));
    const shape = this.#shapes.get(id);
    if (shape !== undefined) this.#put(id, shape);
  }

  #put(id: string, shape: JobShape): void {
    this.#shapes.set(id, shape);
    this.#stage.wishes.put(id, jobText(id, shape));
  }
}

export type ActionName = keyof typeof ACTIONS;

type Act = (stage: Stage, people: Actions) => void | Promise<void>;

const ACTIONS = {
  "add-job": (_, people) => people.addJob(),
  "edit-job": (_, people) => people.edit(),
  "remove-job": (_, people) => people.removeJob(),
  "spoil-file": (_, people) => people.spoil(),
  async "flicker-file"({ world, chance, wishes }) {
    const id = chance.pick(wishes.ids);
    if (id === undefined) return;
    await wishes.flicker(id, chance.between(10, world.settings.pruneDelay / 2));
  },
  "kill-container"(stage) {
    const id = ourContainer(stage, () => true);
    if (id !== undefined) stage.world.docker.kill(id);
  },
  "remove-container"(stage) {
    const id = ourContainer(stage, () => true);
    if (id !== undefined) stage.world.docker.removeBehindBack(id);
  },
  "crash-container"(stage) {
    const id = ourContainer(stage, ({ role, state }) => role !== "infra" && state === "running");
    if (id !== undefined) stage.world.docker.exit(id, 1);
  },
  /** A program of the host takes a port while the namespace that had it is away. */
  async "take-port"(stage) {
    const { world, chance } = stage;
    const id = ourContainer(stage, ({ role, state }) => role === "infra" && state === "running");
    const port = id === undefined ? undefined : chance.pick(world.docker.container(id).spec.publish)?.hostPort;
    if (id === undefined || port === undefined) return;
    world.docker.kill(id);
    const release = world.docker.occupy(port);
    await world.clock.sleep(chance.between(500, 10_000));
    release();
  },
  async "restart-infra"(stage) {
    const id = ourContainer(stage, ({ role, state }) => role === "infra" && state === "running");
    if (id === undefined) return;
    stage.world.docker.kill(id);
    await stage.world.clock.sleep(stage.chance.between(1, 50));
    if (stage.world.docker.containers.get(id)?.state === "exited") stage.world.docker.start(id);
  },
  "restart-docker"({ world }) {
    world.docker.restartEngine();
  },
  deregister({ world, chance }) {
    const services = [...world.consul.agent.services.values()];
    const mine = services.filter(({ meta }) => meta[META.instance] === world.settings.instance);
    const id = chance.pick(mine)?.id;
    if (id !== undefined) world.consul.deregisterBehindBack(id);
  },
  "drop-from-catalog"({ world, chance }) {
    const entries = [...world.consul.catalog.values()].map(({ service }) => service);
    const mine = entries.filter(({ meta }) => meta[META.instance] === world.settings.instance);
    const id = chance.pick(mine)?.id;
    if (id !== undefined) world.consul.dropFromCatalog(id);
  },
  /**
   * Known limit: a check that was dropped in the very moment before its token went stays in the catalog for good, as the
   * agent may not take it out any more. So only tokens go of whose services the catalog has heard everything.
   */
  "delete-token"({ world, chance }) {
    const token = chance.pick(tokensOf(world));
    if (token !== undefined && isCatalogCurrent(world, token.mark.ref.alloc))
      world.consul.deleteTokenBehindBack(token.accessor);
  },
  "wipe-consul"({ world, foreign }) {
    world.wipeConsul();
    foreign.register();
  },
  "meddle-with-intention": ({ world, chance }) => meddle(world, chance),
  "break-streams"({ world }) {
    world.consul.breakStreams();
    world.docker.breakStreams();
  },
  async "lag-catalog"({ world, chance }) {
    world.consul.setSyncing(false);
    await world.clock.sleep(chance.between(500, 15_000));
    world.consul.setSyncing(true);
  },
  async "consul-away"(stage) {
    await away(stage, "consul");
  },
  async "docker-away"(stage) {
    await away(stage, "docker");
  },
  async "directory-away"({ world, chance }) {
    world.directory.setAway(true);
    await world.clock.sleep(chance.between(100, 20_000));
    world.directory.setAway(false);
  },
  async "kill-controller"({ world, chance }) {
    world.kill();
    await world.clock.sleep(chance.happens(0.5) ? chance.between(1, 500) : chance.between(500, 20_000));
    if (!world.isAlive) world.start();
  },
  async "restart-controller"({ world, chance }) {
    if (!world.isAlive) return;
    await world.stop();
    await world.clock.sleep(chance.between(1, 5_000));
    if (!world.isAlive) world.start();
  },
} satisfies Record<string, Act>;

export const ACTION_NAMES = Object.keys(ACTIONS) as readonly ActionName[];

function ourContainer(
  { world, chance }: Stage,
  suits: (container: { readonly role: string | undefined; readonly state: string }) => boolean,
): string | undefined {
  const mine = [...world.docker.containers.values()].filter(
    ({ spec: { labels }, state }) =>
      isOurs(world, labels) && refOf(labels) !== undefined && suits({ role: roleOf(labels), state }),
  );
  return chance.pick(mine)?.id;
}

function isCatalogCurrent({ consul: { agent, catalog } }: World, alloc: string): boolean {
  const mine = [...agent.services.values()].filter(({ meta }) => meta[META.alloc] === alloc);
  return mine.every(({ id }) => {
    const wished = agent.checksOf(id).map((check) => check.id);
    const seen = catalog.get(id)?.checks.map((check) => check.id) ?? [];
    return canonicalJson(wished.sort()) === canonicalJson(seen.sort());
  });
}

async function away({ world, director, chance }: Stage, api: "consul" | "docker"): Promise<void> {
  director.outages.add(api);
  world.consul.breakStreams();
  await world.clock.sleep(chance.between(500, 15_000));
  director.outages.delete(api);
}
