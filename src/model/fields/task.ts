/** The fields of a task: what its container is made of replaces, how it is started again and stopped does not. */
import type { DockerConfig, Lifecycle, Resources, RestartPolicy, Task } from "../job.ts";
import { block, duration, type Fields, leaf, NOTHING, REPLACE } from "./field.ts";

export const RESOURCES: Fields<Resources> = {
  cpu: leaf("cpu", REPLACE),
  memory: leaf("memory", REPLACE),
};

export const RESTART: Fields<RestartPolicy> = {
  attempts: leaf("attempts", NOTHING),
  interval: duration("interval", NOTHING),
  delay: duration("delay", NOTHING),
  mode: leaf("mode", NOTHING),
};

const CONFIG: Fields<DockerConfig> = {
  image: leaf("image", REPLACE),
  command: leaf("command", REPLACE),
  args: leaf("args", REPLACE),
  entrypoint: leaf("entrypoint", REPLACE),
  labels: leaf("labels", REPLACE),
  workDir: leaf("work_dir", REPLACE),
  forcePull: leaf("force_pull", REPLACE),
  capAdd: leaf("cap_add", REPLACE),
  capDrop: leaf("cap_drop", REPLACE),
  readonlyRootfs: leaf("readonly_rootfs", REPLACE),
};

const LIFECYCLE: Fields<Lifecycle> = {
  hook: leaf("hook", REPLACE),
  sidecar: leaf("sidecar", REPLACE),
};

export const TASK: Fields<Task> = {
  name: leaf("name", REPLACE),
  driver: leaf("driver", REPLACE),
  user: leaf("user", REPLACE),
  config: block("config", CONFIG),
  env: leaf("env", REPLACE),
  resources: block("resources", RESOURCES),
  restart: block("restart", RESTART),
  meta: leaf("meta", REPLACE),
  lifecycle: block("lifecycle", LIFECYCLE),
  leader: leaf("leader", NOTHING),
  killTimeout: duration("kill_timeout", NOTHING),
  killSignal: leaf("kill_signal", NOTHING),
  shutdownDelay: duration("shutdown_delay", NOTHING),
};
