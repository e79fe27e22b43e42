/** The `NOMAD_*` variables of a task, as far as the job alone tells them: the rest comes with its allocation. */
import { cleanEnvName } from "./interpolate.ts";
import type { Job, Port, Task, TaskGroup } from "./job.ts";

export type Variables = Readonly<Record<string, string>>;

export function jobVariables(job: Job, group: TaskGroup): Variables {
  return {
    NOMAD_GROUP_NAME: group.name,
    NOMAD_JOB_ID: job.id,
    NOMAD_JOB_NAME: job.name,
    NOMAD_NAMESPACE: job.namespace,
    NOMAD_REGION: job.region,
  };
}

export function taskVariables(task: Task): Variables {
  return {
    NOMAD_TASK_NAME: task.name,
    NOMAD_ALLOC_DIR: "/alloc",
    NOMAD_TASK_DIR: "/local",
    NOMAD_SECRETS_DIR: "/secrets",
    NOMAD_CPU_LIMIT: String(task.resources.cpu),
    NOMAD_MEMORY_LIMIT: String(task.resources.memory),
  };
}

/** Nomad always says 127.0.0.1 here; a `local_bind_address` of the user's is told as it is. */
export function upstreamVariables(group: TaskGroup): Variables {
  const env: Record<string, string> = {};
  for (const upstream of group.services.flatMap((service) => service.connect?.sidecarService.proxy.upstreams ?? [])) {
    const address = upstream.localBindAddress === "" ? "127.0.0.1" : upstream.localBindAddress;
    for (const name of new Set([upstream.destinationName, cleanEnvName(upstream.destinationName)])) {
      env[`NOMAD_UPSTREAM_IP_${name}`] = address;
      env[`NOMAD_UPSTREAM_PORT_${name}`] = String(upstream.localBindPort);
      env[`NOMAD_UPSTREAM_ADDR_${name}`] = `${address}:${upstream.localBindPort}`;
    }
  }
  return env;
}

export function metaVariables(job: Job, group: TaskGroup, task: Readonly<Record<string, string>> = {}): Variables {
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...job.meta, ...group.meta, ...task })) {
    env[`NOMAD_META_${key}`] = value;
    env[`NOMAD_META_${key.toUpperCase()}`] = value;
  }
  return env;
}

/** Of ports whose number stands in the job: inside the namespace, on the host, or both. */
export function fixedPortVariables(ports: readonly Port[]): Variables {
  const env: Record<string, string> = {};
  for (const { label, static: host, to } of ports) {
    const inside = to > 0 ? to : host;
    if (inside !== undefined) env[`NOMAD_PORT_${label}`] = env[`NOMAD_ALLOC_PORT_${label}`] = String(inside);
    if (host !== undefined) env[`NOMAD_HOST_PORT_${label}`] = String(host);
  }
  return env;
}

/** All that a task's environment is known to have before there is an allocation. */
export function knownVariables(job: Job, group: TaskGroup, task: Task): Variables {
  return {
    ...jobVariables(job, group),
    ...taskVariables(task),
    ...fixedPortVariables(group.network.ports),
    ...upstreamVariables(group),
    ...metaVariables(job, group, task.meta),
  };
}

/** Names with characters that shells refuse are told cleaned. */
export function cleaned(env: Variables): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [cleanEnvName(name), value]));
}
