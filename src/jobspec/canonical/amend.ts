/** Where Nomad's API JSON is more than the rows of a block: short forms written out, defaults that hang on other fields. */
import type { Checked } from "../schema/checked.ts";
import type { Plain } from "../schema/table/rows.ts";
import type { Json } from "./print.ts";

type Amendment = (json: Json, checked: Checked) => Json;

/** By the table's path. */
export const AMENDMENTS: Readonly<Record<string, Amendment>> = {
  "job.constraint": (json, { values }) => {
    const hosts = values.get("distinct_hosts");
    const full = longForm(json, values, ["version", "semver", "regexp", "set_contains"]);
    if (hosts !== undefined) Object.assign(full, { Operand: "distinct_hosts", RTarget: JSON.stringify(hosts) });
    const property = values.get("distinct_property") ?? "";
    return property === "" ? full : { ...full, Operand: "distinct_property", LTarget: property };
  },
  "job.affinity": (json, { values }) =>
    longForm(json, values, ["version", "semver", "regexp", "set_contains_any", "set_contains_all", "set_contains"]),
  "job.group.network": splitPorts,
  "job.group.service.connect.sidecar_service": (json) => withoutEmpty(json, ["Tags"]),
  "job.group.service.connect.sidecar_service.proxy": (json) => withoutEmpty(json, ["Config"]),
  "job.group.service.connect.sidecar_task": (json) => withoutEmpty(json, ["Config", "Env", "Meta"]),
  "job.group.service.connect.sidecar_task.resources": (json) => ({ ...json, Cores: json["Cores"] ?? 0 }),
  "job.group.service.connect.gateway.proxy": (json) => withoutEmpty(json, ["Config"]),
  "job.group.task.resources": resources,
  "job.group.task.template": (json) => {
    const signal = json["ChangeMode"] === "signal" && json["ChangeSignal"] === "" ? "SIGHUP" : json["ChangeSignal"];
    return { ...json, ChangeSignal: typeof signal === "string" ? signal.toUpperCase() : null };
  },
  "job.group.task.template.change_script": (json) => ({ ...json, Args: json["Args"] ?? [] }),
  "job.group.task.volume_mount": (json, { values }) => {
    return { ...json, PropagationMode: values.get("propagation_mode") ?? json["PropagationMode"] ?? null };
  },
  "job.group.task.artifact": (json, { values }) => {
    const source = textOf(values.get("source"));
    const isFile = json["GetterMode"] === "file" && !values.has("destination");
    const mode = values.get("mode") ?? json["GetterMode"] ?? null;
    const full = { ...withoutEmpty(json, ["GetterOptions", "GetterHeaders"]), GetterSource: source, GetterMode: mode };
    return isFile ? { ...full, RelativeDest: `local/${baseName(source)}` } : full;
  },
  "job.group.task.scaling": (json, { label, values }) => ({
    ...json,
    Enabled: values.get("enabled") ?? null,
    Type: label.toLowerCase() === "cpu" ? "vertical_cpu" : "vertical_mem",
  }),
  "job.group.service.check": (json) => ({
    ...json,
    SuccessBeforePassing: notNegative(json["SuccessBeforePassing"]),
    FailuresBeforeCritical: notNegative(json["FailuresBeforeCritical"]),
  }),
};

/** `version = "> 1"` stands for operator = "version" and value = "> 1"; the last one written here wins, as in Nomad. */
function longForm(json: Json, values: Checked["values"], names: readonly string[]): Json {
  const short = names.filter((name) => (values.get(name) ?? "") !== "").at(-1);
  if (short !== undefined) return { ...json, Operand: short, RTarget: values.get(short) ?? "" };
  return { ...json, Operand: json["Operand"] === "" ? "=" : (json["Operand"] ?? "=") };
}

/** Ports with a number of their own are reserved. */
function splitPorts(json: Json): Json {
  const [ports, reserved] = [json["DynamicPorts"] ?? [], json["ReservedPorts"] ?? []];
  if (!Array.isArray(ports) || !Array.isArray(reserved)) return json;
  const isFixed = (port: Plain) => Number((port as Json)["Value"]) > 0;
  const fixed: Plain[] = [...reserved, ...ports.filter(isFixed)];
  const free: Plain[] = ports.filter((port) => !isFixed(port));
  return { ...json, ReservedPorts: orNull(fixed), DynamicPorts: orNull(free) };
}

/** Lists and maps that Nomad takes for none when nothing is in them. */
function withoutEmpty(json: Json, names: readonly string[]): Json {
  return { ...json, ...Object.fromEntries(names.map((name) => [name, orNull(json[name] ?? null)])) };
}

function orNull(value: Plain): Plain {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0 ? null : value;
}

/** With cores and without cpu there are no shares. */
function resources(json: Json, { values }: Checked): Json {
  return values.has("cores") && !values.has("cpu") ? { ...json, CPU: 0 } : json;
}

function textOf(value: Plain | undefined): string {
  return typeof value === "string" ? value : "";
}

function baseName(path: string): string {
  return path.replace(/\/+$/, "").split("/").at(-1) ?? "";
}

function notNegative(value: Plain | undefined): Plain {
  return typeof value === "number" ? Math.max(0, value) : (value ?? null);
}
