/** Decodes task blocks. */
import type { Lifecycle, RestartPolicy, Service, Task } from "../../model/job.ts";
import { emptyBlock } from "./checked.ts";
import type { Checked } from "./checked.ts";
import { decodeConfig, decodeResources } from "./docker.ts";
import { decodeRestart } from "./policies.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import { decodeService } from "./service.ts";

const DEFAULT_KILL_TIMEOUT = 5000;

/** What a task must know of its group. */
export interface GroupFacts {
  readonly job: string;
  readonly id: string;
  readonly group: string;
  readonly restart: RestartPolicy;
}

export interface DecodedTask {
  readonly task: Task;
  /** The model keeps all services with the group. */
  readonly services: readonly Service[];
}

export function decodeTask(context: Context, block: Checked, facts: GroupFacts): DecodedTask {
  const reader = new Reader(context, block);
  const name = reader.label;
  const lifecycle = reader.single("lifecycle");
  const task: Task = {
    name,
    driver: reader.choice("driver", ["docker"]) ?? "docker",
    user: reader.text("user", ""),
    config: decodeConfig(context, reader.single("config") ?? emptyBlock(block)),
    env: reader.textMap("env") ?? {},
    resources: decodeResources(context, reader.single("resources")),
    restart: decodeRestart(context, reader.single("restart"), facts.restart),
    meta: reader.textMap("meta") ?? {},
    ...(lifecycle === undefined ? {} : { lifecycle: decodeLifecycle(context, lifecycle) }),
    leader: reader.bool("leader", false),
    killTimeout: reader.duration("kill_timeout", DEFAULT_KILL_TIMEOUT),
    killSignal: reader.text("kill_signal", ""),
    // Warned of, not honoured: the group's is.
    shutdownDelay: 0,
  };
  const owner = { job: facts.job, id: facts.id, group: facts.group, task: name };
  const services = reader.blocks("service").map((service) => decodeService(context, service, owner));
  return { task: context.places.note(task, reader.place), services };
}

function decodeLifecycle(context: Context, block: Checked): Lifecycle {
  const reader = new Reader(context, block);
  const lifecycle: Lifecycle = {
    hook: reader.choice("hook", ["prestart", "poststart"]) ?? "prestart",
    sidecar: reader.bool("sidecar", false),
  };
  return context.places.note(lifecycle, reader.place);
}
