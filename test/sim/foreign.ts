/** Things of others beside Remora's, some of them very like its own: none may ever be touched. */
import { LABEL } from "../../src/model/labels.ts";
import { META } from "../../src/model/registration.ts";
import { uuidOf } from "../../src/model/ids.ts";
import { missingIntentions, theirIntentions } from "./intentions.ts";
import type { World } from "./world.ts";

const ALLOC = uuidOf("foreign alloc");

/** Marked as another instance's. */
const OTHER = {
  [LABEL.version]: "1",
  [LABEL.instance]: "other",
  [LABEL.role]: "task",
  [LABEL.job]: "gone",
  [LABEL.group]: "gone",
  [LABEL.index]: "0",
  [LABEL.alloc]: ALLOC,
};

const OTHER_META = {
  [META.source]: "remora",
  [META.instance]: "other",
  [META.job]: "gone",
  [META.group]: "gone",
  [META.index]: "0",
  [META.alloc]: ALLOC,
};

export class Foreign {
  readonly #world: World;
  readonly #containers: readonly string[];
  readonly #tokens: readonly string[];
  readonly #intentions = theirIntentions();
  #services: readonly string[] = [];

  constructor(world: World) {
    this.#world = world;
    const { docker, consul } = world;
    this.#containers = [
      docker.addForeign({ name: "someone's" }).id,
      docker.addForeign({ name: "stopped" }, false).id,
      docker.addForeign({ name: "other-remora", labels: OTHER }).id,
    ];
    docker.addForeignNetwork({ name: "theirs", labels: {} });
    const mark = { instance: "other", node: "sim", ref: { job: "gone", group: "gone", index: 0, alloc: ALLOC } };
    if (consul.acl.enabled) {
      const ours = { createdAt: consul.now, identity: "gone" };
      consul.acl.add({ ...ours, accessor: "other instance", mark: { ...mark, service: "gone", generation: 0 } });
      const elsewhere = { ...mark, instance: "remora", node: "elsewhere", service: "gone", generation: 0 };
      consul.acl.add({ ...ours, accessor: "other node", mark: elsewhere });
    }
    this.#tokens = consul.acl.all().map(({ accessor }) => accessor);
    this.register();
  }

  /** Registers what others have in Consul (again, after it lost everything). */
  register(): void {
    const plain = { tags: [], address: "", port: 1, enableTagOverride: false, checks: [] };
    const specs = [
      { ...plain, id: "theirs", name: "theirs", meta: {} },
      { ...plain, id: `_remora-${ALLOC}-group-gone-gone-1`, name: "gone", meta: OTHER_META },
      { ...plain, id: "_nomad-task-1", name: "nomads", meta: { [META.source]: "nomad" } },
    ];
    for (const spec of specs) this.#world.consul.addForeignService(spec);
    this.#services = specs.map(({ id }) => id);
    for (const intention of this.#intentions) this.#world.consul.intentions.put(intention);
  }

  /** What is not there any more. */
  missing(): readonly string[] {
    const { docker, consul } = this.#world;
    return [
      ...this.#containers.filter((id) => !docker.containers.has(id)),
      ...(docker.networks.has("theirs") ? [] : ["the network theirs"]),
      ...this.#services.filter((id) => !consul.agent.services.has(id)),
      ...this.#tokens.filter((accessor) => consul.acl.get(accessor) === undefined),
      ...missingIntentions(this.#world, this.#intentions),
    ];
  }
}
