/** Decodes what the Docker driver is told: a task's config and its resources. */
import type { DockerConfig, Resources } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const DEFAULT_RESOURCES: Resources = { cpu: 100, memory: 300 };

export function decodeConfig(context: Context, block: Checked): DockerConfig {
  const reader = new Reader(context, block);
  const [command, entrypoint, workDir] = [reader.text("command"), reader.texts("entrypoint"), reader.text("work_dir")];
  const config: DockerConfig = {
    image: reader.text("image", ""),
    ...(command === undefined ? {} : { command }),
    args: reader.texts("args", []),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    labels: reader.textMap("labels") ?? {},
    ...(workDir === undefined ? {} : { workDir }),
    // Warned of, not honoured.
    forcePull: false,
    capAdd: reader.texts("cap_add", []),
    capDrop: reader.texts("cap_drop", []),
    readonlyRootfs: reader.bool("readonly_rootfs", false),
  };
  return context.places.note(config, reader.place);
}

export function decodeResources(context: Context, block: Checked | undefined): Resources {
  if (block === undefined) return DEFAULT_RESOURCES;
  const reader = new Reader(context, block);
  const resources: Resources = {
    cpu: reader.integer("cpu", DEFAULT_RESOURCES.cpu),
    memory: reader.integer("memory", DEFAULT_RESOURCES.memory),
  };
  return context.places.note(resources, reader.place);
}
