/** Decodes service blocks of groups and tasks. */
import { interpolate } from "../../model/interpolate.ts";
import type { Connect, Service } from "../../model/job.ts";
import { decodeCheck } from "./check.ts";
import type { Checked } from "./checked.ts";
import { decodeConnect } from "./connect.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

/** The names that a service is called after when it has none of its own. */
export interface ServiceOwner {
  /** The job's name, and its id, which is another where the file says so. */
  readonly job: string;
  readonly id: string;
  readonly group: string;
  readonly task?: string;
}

export function decodeService(context: Context, block: Checked, owner: ServiceOwner): Service {
  const reader = new Reader(context, block);
  const name = serviceName(reader.text("name"), owner);
  const connect = decodeServiceConnect(context, reader);
  const service: Service = {
    name,
    port: reader.text("port", ""),
    tags: reader.texts("tags", []),
    meta: reader.textMap("meta") ?? {},
    addressMode: reader.choice("address_mode", ["auto", "host"]) ?? "auto",
    enableTagOverride: reader.bool("enable_tag_override", false),
    ...(owner.task === undefined ? {} : { task: owner.task }),
    checks: reader
      .blocks("check")
      .filter(isRun)
      .map((check) => decodeCheck(context, check, name)),
    ...(connect === undefined ? {} : { connect }),
  };
  return context.places.note(service, reader.place);
}

/** Script checks are warned of, and left out. */
export function isRun({ values }: Checked): boolean {
  const type = values.get("type");
  return typeof type !== "string" || type.toLowerCase() !== "script";
}

/** Nomad fills these names in before it judges the name. */
function serviceName(given: string | undefined, owner: ServiceOwner): string {
  const { job, group, task } = owner;
  if (given === undefined || given === "") return task === undefined ? `${job}-${group}` : `${job}-${group}-${task}`;
  const names: Readonly<Record<string, string>> = {
    JOB: job,
    TASKGROUP: group,
    GROUP: group,
    TASK: task ?? "group",
    BASE: `${job}-${group}-${task ?? "group"}`,
  };
  const short = given.replace(/\$\{(JOB|TASKGROUP|GROUP|TASK|BASE)\}/g, (whole, name: string) => names[name] ?? whole);
  return interpolate(short, knownNames(owner));
}

/** Those of the starting task's references that the file itself says. */
function knownNames({ job, id, group, task }: ServiceOwner): ReadonlyMap<string, string> {
  return new Map([
    ["NOMAD_JOB_NAME", job],
    ["NOMAD_JOB_ID", id],
    ["NOMAD_GROUP_NAME", group],
    ...(task === undefined ? [] : [["NOMAD_TASK_NAME", task] as const]),
  ]);
}

function decodeServiceConnect(context: Context, service: Reader): Connect | undefined {
  const block = service.single("connect");
  return block === undefined || isOther(block) ? undefined : decodeConnect(context, block);
}

/** Native services and gateways are warned of, and registered without Connect. */
function isOther({ values, blocks }: Checked): boolean {
  return values.get("native") === true || blocks.has("gateway");
}
