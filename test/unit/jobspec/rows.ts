/** Makes a job file for any row of the table: the smallest job, with the row in it. */
import type { BlockTable, Field, Inner, NamedRow, Plain } from "../../../src/jobspec/schema/table/rows.ts";
import { isNamed } from "../../../src/jobspec/schema/table/rows.ts";
import { JOB } from "../../../src/jobspec/schema/table/job.ts";

/** A row and the blocks around it, outermost first. */
export interface Spot {
  readonly around: readonly Inner[];
  readonly row: NamedRow;
}

export type Tree = { [key: string]: Plain | Tree };

/** What a block needs to be right, by its table's path. */
const NEEDED: Readonly<Record<string, Tree>> = {
  job: { datacenters: ["dc1"], group: { other: { task: { x: { driver: "docker", config: { image: "i" } } } } } },
  "job.group": {
    network: { mode: "bridge", port: { http: {}, admin: {}, extra: {} } },
    task: { x: { driver: "docker", config: { image: "i" } } },
  },
  "job.group.network": { mode: "bridge", port: { http: {}, admin: {}, extra: {} } },
  "job.group.service": { port: "http" },
  "job.group.service.check": { type: "http", path: "/", interval: "5s", timeout: "5s" },
  "job.group.service.connect": { sidecar_service: {} },
  "job.group.service.connect.sidecar_service.proxy.upstreams": { destination_name: "db", local_bind_port: 7000 },
  "job.group.service.connect.sidecar_service.proxy.expose.path": {
    path: "/x",
    local_path_port: 9001,
    listener_port: "admin",
  },
  "job.group.scaling": { max: 3 },
  "job.constraint": { attribute: "a", value: "b" },
  "job.affinity": { attribute: "a", value: "b" },
  "job.spread": { attribute: "a" },
  "job.group.volume": { source: "s" },
  "job.group.task.volume_mount": { volume: "x", destination: "/x" },
  "job.group.task.template": { data: "d", destination: "local/d" },
  "job.group.task.template.change_script": { command: "/c" },
  "job.group.task.artifact": { source: "http://x/y" },
  "job.group.service.connect.gateway": { mesh: {} },
  "job.group.service.connect.gateway.proxy.envoy_gateway_bind_addresses": { address: "0.0.0.0", port: 1 },
  "job.group.service.connect.gateway.ingress": { listener: { port: 1, service: { name: "a" } } },
  "job.group.service.connect.gateway.ingress.listener": { port: 1, service: { name: "a" } },
  "job.group.service.connect.gateway.ingress.listener.service": { name: "a" },
  "job.group.service.connect.gateway.terminating": { service: { name: "a" } },
  "job.group.service.connect.gateway.terminating.service": { name: "a" },
  "job.group.task": { driver: "docker", config: { image: "i" } },
  "job.group.task.config": { image: "i" },
  "job.group.task.lifecycle": { hook: "prestart" },
};

/** Values that fit where any value of the type would not. */
const FITTING: Readonly<Record<string, Plain>> = {
  "job.id": "y",
  "job.name": "y",
  "job.group.task.lifecycle.hook": "poststart",
  "job.group.service.check.type": "tcp",
  "job.group.scaling.type": "horizontal",
  "job.group.task.scaling.type": "vertical_cpu",
  "job.group.network.port.host_network": "default",
  "job.group.network.port.static": 8080,
  "job.group.task.config.ports": ["http"],
  "job.group.service.connect.sidecar_task.user": "101",
  "job.group.task.kill_signal": "SIGINT",
  "job.group.service.connect.sidecar_task.kill_signal": "SIGINT",
  "job.group.service.port": "9001",
  "job.group.service.check.port": "9001",
  "job.group.service.check.path": "/x",
  "job.group.task.resources.memory": 64,
  "job.group.reschedule.max_delay": "2h",
  "job.group.restart.attempts": 1,
  "job.group.service.connect.sidecar_service.proxy.expose.path.path": "/y",
  "job.group.service.connect.sidecar_service.proxy.expose.path.listener_port": "extra",
  "job.group.restart.interval": "2h",
  "job.group.network.mode": "none",
  "job.group.reschedule.attempts": 0,
  "job.group.update.progress_deadline": "20m",
  "job.group.update.healthy_deadline": "4m",
  "job.group.migrate.healthy_deadline": "4m",
  "job.group.scaling.min": 2,
  "job.group.ephemeral_disk.size": 200,
  "job.constraint.operator": "!=",
  "job.constraint.version": "1",
  "job.constraint.semver": "1",
  "job.affinity.operator": "!=",
  "job.affinity.version": "1",
  "job.affinity.semver": "1",
  "job.group.task.template.perms": "0600",
  "job.group.task.resources.memory_max": 600,
  "job.group.service.connect.sidecar_task.resources.memory_max": 600,
  "job.group.service.connect.gateway.ingress.listener.protocol": "http",
};

const CONNECT = "job.group.service.connect";
const LINKED = `${CONNECT}.gateway.terminating.service`;

/** What else the blocks around a row, and around those in it, need for it. */
const ALONGSIDE: Readonly<Record<string, Readonly<Record<string, Tree>>>> = {
  "job.group.service.check.expose": { "job.group.service": { port: "9001", connect: { sidecar_service: {} } } },
  "job.group.service.check.task": { "job.group.service.check": { type: "grpc" } },
  "job.group.update.auto_promote": { "job.group.update": { canary: 1 } },
  "job.group.task.volume_mount": { "job.group": { volume: { x: { type: "host", source: "s" } } } },
  [`${CONNECT}.gateway.ingress.listener.service.hosts`]: {
    [`${CONNECT}.gateway.ingress.listener`]: { protocol: "http" },
  },
  [`${LINKED}.cert_file`]: { [LINKED]: { ca_file: "x", key_file: "x" } },
  [`${LINKED}.key_file`]: { [LINKED]: { ca_file: "x", cert_file: "x" } },
  [`${LINKED}.sni`]: { [LINKED]: { ca_file: "x" } },
};

/** What the blocks around a row, and around those in it, cannot have beside it. */
const INSTEAD: Readonly<Record<string, string>> = {
  [`${CONNECT}.gateway`]: "sidecar_service",
  [`${CONNECT}.gateway.ingress`]: "mesh",
  [`${CONNECT}.gateway.terminating`]: "mesh",
  [`${CONNECT}.native`]: "sidecar_service",
  "job.group.task.template.source": "data",
  "job.constraint.distinct_property": "value",
};

function isOf(path: string, key: string): boolean {
  return path === key || path.startsWith(`${key}.`);
}

function neededIn({ path: outer }: BlockTable, path: string): Tree {
  const beside = Object.entries(ALONGSIDE).filter(([key]) => isOf(path, key));
  const needed: Tree = Object.assign({}, NEEDED[outer], ...beside.map(([, blocks]) => blocks[outer]));
  const unfit = Object.entries(INSTEAD).filter(([key]) => isOf(path, key));
  const names = unfit.filter(([key]) => key.startsWith(outer)).map(([, name]) => name);
  return Object.fromEntries(Object.entries(needed).filter(([name]) => !names.includes(name)));
}

/** Every row that a file can name; what stands in several blocks is looked into once. */
export function spots(): Spot[] {
  const found: Spot[] = [];
  const seen = new Set<string>();
  for (let level: readonly (readonly Inner[])[] = [[JOB]]; level.length > 0;) {
    const fresh = level.filter((around) => {
      const { path } = tableOf(around);
      return !seen.has(path) && seen.add(path);
    });
    const here = fresh.flatMap((around) =>
      tableOf(around)
        .rows.filter(isNamed)
        .map((row) => ({ around, row })),
    );
    found.push(...here);
    level = here.flatMap(({ around, row }) => (row.kind === "block" && row.api !== "" ? [[...around, row]] : []));
  }
  return found;
}

function tableOf(around: readonly Inner[]): BlockTable {
  return around.at(-1)?.table ?? JOB.table;
}

export function pathOf({ around, row }: Spot): string {
  return `${tableOf(around).path}.${row.name}`;
}

/** The file with the row set to the value; without one, the same file without the row. */
export function fileWith(spot: Spot, value: Plain | Tree | undefined): string {
  const { around, row } = spot;
  const given = value === undefined ? {} : { [row.name]: labelled(row, value) };
  let tree: Tree = given;
  for (const outer of around.toReversed()) {
    tree = { [outer.name]: labelled(outer, { ...neededIn(outer.table, pathOf(spot)), ...tree }) };
  }
  return JSON.stringify(tree, undefined, 1);
}

function labelled(row: NamedRow, value: Plain | Tree): Plain | Tree {
  return row.kind === "block" && row.label !== undefined ? { [row.labels?.[0] ?? "x"]: value } : value;
}

/** A value that is not what Nomad would fill in. */
export function sampleOf(spot: Spot): Plain | Tree {
  const { row } = spot;
  if (row.kind === "block") return NEEDED[row.table.path] ?? {};
  return FITTING[pathOf(spot)] ?? sampleField(row);
}

function sampleField({ type, choices, default: preset }: Field): Plain {
  if (choices !== undefined) return choices.find((choice) => choice !== preset && choice !== "") ?? choices[0] ?? "";
  switch (type) {
    case "text":
      return "x";
    case "integer":
      return 7;
    case "number":
      return 1.5;
    case "bool":
      return preset !== true;
    case "duration":
      return "7s";
    case "texts":
      return ["x"];
    case "text map":
      return { a: "x" };
    case "texts map":
      return { a: ["x"] };
    case "opaque map":
      return { a: 1 };
  }
}
