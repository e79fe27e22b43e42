/** Decodes sidecar_task blocks: only what is written is set, so that the sidecar keeps its own defaults for the rest. */
import type { Resources, SidecarTask } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import type { Shape } from "./content.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import type { Place } from "./places.ts";
import { CONFIG_LATER, OTHER_DRIVERS, RESOURCES } from "./docker.ts";

const SIDECAR_TASK: Shape = {
  name: "a sidecar_task block",
  arguments: ["user", "driver", "kill_timeout", "kill_signal", "shutdown_delay"],
  blocks: { config: 0, resources: 0 },
  maps: ["env"],
  later: ["identity", "logs", "meta", "name", "volume_mount"],
};

const SIDECAR_CONFIG: Shape = {
  name: "the config of a sidecar_task",
  arguments: ["image", "command", "args", "entrypoint"],
  later: CONFIG_LATER,
};

export function decodeSidecarTask(context: Context, block: Block): SidecarTask {
  const reader = new Reader(context, block, SIDECAR_TASK);
  const inner = reader.single("config");
  const config = inner && new Reader(context, inner, SIDECAR_CONFIG);
  const resources = reader.single("resources");
  reader.choice("driver", ["docker"], OTHER_DRIVERS);
  const task: SidecarTask = present({
    user: reader.text("user"),
    ...(config === undefined ? {} : decodeConfig(config)),
    env: reader.textMap("env"),
    resources: resources && decodePartialResources(context, resources),
    killTimeout: reader.duration("kill_timeout"),
    killSignal: reader.text("kill_signal"),
    shutdownDelay: reader.duration("shutdown_delay"),
  });
  return context.places.note(task, config === undefined ? reader.place : withPartsOf(reader.place, config.place));
}

/** The model keeps a sidecar's config with its task, so its arguments are found there. */
function withPartsOf(task: Place, config: Place): Place {
  const parts = new Map([...config.parts, ...task.parts]);
  return { ...task, parts, unreadable: new Set([...config.unreadable, ...task.unreadable]) };
}

function decodeConfig(reader: Reader) {
  return {
    image: reader.text("image"),
    command: reader.text("command"),
    args: reader.texts("args"),
    entrypoint: reader.texts("entrypoint"),
  };
}

function decodePartialResources(context: Context, block: Block): Partial<Resources> {
  const reader = new Reader(context, block, RESOURCES);
  const resources = present({ cpu: reader.integer("cpu"), memory: reader.integer("memory") });
  return context.places.note(resources, reader.place);
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
