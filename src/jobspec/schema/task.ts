/** Decodes task blocks. */
import type { Lifecycle, RestartPolicy, Service, Task } from "../../model/job.ts";
import { EMPTY_BODY } from "../tree.ts";
import type { Block } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { decodeConfig, decodeResources, OTHER_DRIVERS } from "./docker.ts";
import { decodeRestart } from "./policies.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeService } from "./service.ts";

const TASK: Shape = {
  name: "a task block",
  arguments: ["driver", "user", "leader", "kill_timeout", "kill_signal", "shutdown_delay"],
  blocks: { config: 0, resources: 0, restart: 0, lifecycle: 0, service: 0 },
  maps: ["env", "meta"],
  later: words(`
    action affinity artifact constraint consul csi_plugin dispatch_payload identity kind logs scaling schedule
    secret template vault volume_mount
  `),
};

const LIFECYCLE: Shape = { name: "a lifecycle block", arguments: ["hook", "sidecar"] };

const DEFAULT_KILL_TIMEOUT = 5000;

/** What a task must know of its group. */
export interface GroupFacts {
  readonly job: string;
  readonly group: string;
  readonly restart: RestartPolicy;
}

export interface DecodedTask {
  readonly task: Task;
  /** The model keeps all services with the group. */
  readonly services: readonly Service[];
}

export function decodeTask(context: Context, block: Block, facts: GroupFacts): DecodedTask {
  const reader = new Reader(context, block, TASK);
  const name = reader.label;
  const lifecycle = reader.single("lifecycle");
  const task: Task = {
    name,
    driver: reader.choice("driver", ["docker"], OTHER_DRIVERS) ?? "docker",
    user: reader.text("user", ""),
    config: decodeConfig(context, reader.single("config") ?? emptyConfig(block, reader.incomplete)),
    env: reader.textMap("env") ?? {},
    resources: decodeResources(context, reader.single("resources")),
    restart: decodeRestart(context, reader.single("restart"), facts.restart),
    meta: reader.textMap("meta") ?? {},
    ...(lifecycle === undefined ? {} : { lifecycle: decodeLifecycle(context, lifecycle) }),
    leader: reader.bool("leader", false),
    killTimeout: reader.duration("kill_timeout", DEFAULT_KILL_TIMEOUT),
    killSignal: reader.text("kill_signal", ""),
    shutdownDelay: reader.duration("shutdown_delay", 0),
  };
  const owner = { job: facts.job, group: facts.group, task: name };
  const services = reader.blocks("service").map((service) => decodeService(context, service, owner));
  return { task: context.places.note(task, reader.place), services };
}

function emptyConfig(task: Block, incomplete: boolean): Block {
  return { ...task, labels: [], body: { ...EMPTY_BODY, incomplete } };
}

function decodeLifecycle(context: Context, block: Block): Lifecycle {
  const reader = new Reader(context, block, LIFECYCLE);
  const lifecycle: Lifecycle = {
    hook: reader.choice("hook", ["prestart", "poststart"], /^poststop$/) ?? "prestart",
    sidecar: reader.bool("sidecar", false),
  };
  return context.places.note(lifecycle, reader.place);
}
