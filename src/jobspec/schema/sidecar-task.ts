/** Decodes sidecar_task blocks: only what is written is set, so that the sidecar keeps its own defaults for the rest. */
import type { Resources, SidecarTask } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";
import type { Place } from "./places.ts";

export function decodeSidecarTask(context: Context, block: Checked): SidecarTask {
  const reader = new Reader(context, block);
  const inner = reader.single("config");
  const config = inner && new Reader(context, inner);
  const resources = reader.single("resources");
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

function decodePartialResources(context: Context, block: Checked): Partial<Resources> {
  const reader = new Reader(context, block);
  const resources = present({ cpu: reader.integer("cpu"), memory: reader.integer("memory") });
  return context.places.note(resources, reader.place);
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
