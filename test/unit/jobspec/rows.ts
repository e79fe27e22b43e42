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
};

/** What else the blocks around a row need for it. */
const ALONGSIDE: Readonly<Record<string, Readonly<Record<string, Tree>>>> = {
  "job.group.service.check.expose": { "job.group.service": { port: "9001", connect: { sidecar_service: {} } } },
};

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
    const { path } = outer.table;
    tree = { [outer.name]: labelled(outer, { ...NEEDED[path], ...ALONGSIDE[pathOf(spot)]?.[path], ...tree }) };
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
