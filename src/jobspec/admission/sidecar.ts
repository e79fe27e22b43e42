/** The task that a mesh service's sidecar is, as a job file would write it. */
import type { Service } from "../../model/job.ts";
import { injectedTask } from "../../model/sidecar.ts";
import type { Checked } from "../schema/checked.ts";
import type { Plain } from "../schema/table/rows.ts";
import { appended, made } from "./written.ts";

const NANOSECONDS = 1e6;

/** One, for a service with a sidecar of the group that `group` writes. */
export function sidecarTask(group: Checked, { name, connect }: Service): readonly Checked[] {
  if (connect === undefined) return [];
  const task = injectedTask(name, connect.sidecarTask);
  const { kind, user, env, killTimeout, killSignal, shutdownDelay, resources, lifecycle, logs } = task;
  const values = {
    driver: "docker",
    user,
    kind,
    kill_signal: killSignal,
    kill_timeout: killTimeout * NANOSECONDS,
    shutdown_delay: shutdownDelay * NANOSECONDS,
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
  return made(group, "task", values, task.name).map((block) => {
    const inner: Readonly<Record<string, Readonly<Record<string, Plain>>>> = {
      config: configOf(task),
      resources: { cpu: resources.cpu, memory: resources.memory },
      lifecycle: { hook: lifecycle.hook, sidecar: lifecycle.sidecar },
      logs: { max_files: logs.maxFiles, max_file_size: logs.maxSizeMb },
    };
    return Object.entries(inner).reduce((all, [type, each]) => appended(all, type, made(all, type, each)), block);
  });
}

function configOf({
  image,
  command,
  args,
  entrypoint,
}: ReturnType<typeof injectedTask>): Readonly<Record<string, Plain>> {
  return {
    image,
    ...(command === undefined ? {} : { command }),
    args,
    ...(entrypoint === undefined ? {} : { entrypoint }),
  };
}
