/** The `NOMAD_*` variables and the values of run-time interpolation (Nomad's taskenv). */
import type { Task } from "../model/job.ts";
import { interpolate, interpolateRecord } from "../model/interpolate.ts";
import { cleaned, jobVariables, metaVariables, taskVariables, upstreamVariables } from "../model/variables.ts";
import type { AllocView } from "./view.ts";

type Env = Record<string, string>;

/** Everything a group's texts may refer to: variables (raw and cleaned names), `node.*`, `attr.*` and `meta.*`. */
export function groupValues(view: AllocView): ReadonlyMap<string, string> {
  const env = {
    ...identityVariables(view),
    ...portVariables(view),
    ...upstreamVariables(view.group),
    ...metaVariables(view.job, view.group),
  };
  return withNode(view, env);
}

/** The same for one task, its own variables included. */
export function taskValues(view: AllocView, task: Task): ReadonlyMap<string, string> {
  return withNode(view, ownVariables(view, task));
}

/** The environment of a task's container: Nomad's variables, then the task's own, which may refer to them. */
export function taskEnvironment(view: AllocView, task: Task): Env {
  const variables = ownVariables(view, task);
  const env = { ...cleaned(variables), ...interpolateRecord(task.env, withNode(view, variables)) };
  return Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A group's text with everything known replaced. */
export function interpolateGroup(view: AllocView, text: string): string {
  return text.includes("${") ? interpolate(text, groupValues(view)) : text;
}

function ownVariables(view: AllocView, task: Task): Env {
  return {
    ...identityVariables(view),
    ...taskVariables(task),
    ...portVariables(view),
    ...upstreamVariables(view.group),
    ...metaVariables(view.job, view.group, task.meta),
  };
}

function identityVariables({ ref, job, group, settings }: AllocView): Env {
  return {
    NOMAD_ALLOC_ID: ref.alloc,
    NOMAD_SHORT_ALLOC_ID: ref.alloc.slice(0, 8),
    NOMAD_ALLOC_NAME: `${job.id}.${group.name}[${ref.index}]`,
    NOMAD_ALLOC_INDEX: String(ref.index),
    NOMAD_DC: settings.datacenter,
    ...jobVariables(job, group),
  };
}

function portVariables({ ports, settings }: AllocView): Env {
  const env: Env = {};
  for (const { label, value, to, role } of ports) {
    if (role === "ready") continue;
    const address = `${settings.advertise}:${value}`;
    env[`NOMAD_ADDR_${label}`] = address;
    env[`NOMAD_HOST_ADDR_${label}`] = address;
    env[`NOMAD_IP_${label}`] = settings.advertise;
    env[`NOMAD_HOST_IP_${label}`] = settings.advertise;
    env[`NOMAD_PORT_${label}`] = String(to);
    env[`NOMAD_ALLOC_PORT_${label}`] = String(to);
    env[`NOMAD_HOST_PORT_${label}`] = String(value);
  }
  return env;
}

function withNode({ settings, job, group }: AllocView, env: Env): ReadonlyMap<string, string> {
  const meta = Object.entries({ ...job.meta, ...group.meta }).map(([key, value]): [string, string] => [
    `meta.${key}`,
    value,
  ]);
  return new Map<string, string>([
    ...meta,
    ["node.datacenter", settings.datacenter],
    ["node.region", settings.region],
    ["node.unique.name", settings.node],
    ["attr.unique.hostname", settings.node],
    ["attr.unique.network.ip-address", settings.advertise],
    ["attr.kernel.name", "linux"],
    ...Object.entries(cleaned(env)),
    ...Object.entries(env),
  ]);
}
