/** Decodes service blocks of groups and tasks. */
import type { Connect, Service } from "../../model/job.ts";
import { decodeCheck } from "./check.ts";
import type { Checked } from "./checked.ts";
import { decodeConnect } from "./connect.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

/** The names that a service is called after when it has none of its own. */
export interface ServiceOwner {
  readonly job: string;
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

/** Nomad fills these four names in before it judges the name. */
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
  return given.replace(/\$\{(JOB|TASKGROUP|GROUP|TASK|BASE)\}/g, (whole, name: string) => names[name] ?? whole);
}

function decodeServiceConnect(context: Context, service: Reader): Connect | undefined {
  const block = service.single("connect");
  return block === undefined || isOther(block) ? undefined : decodeConnect(context, block);
}

/** Native services and gateways are warned of, and registered without Connect. */
function isOther({ values, blocks }: Checked): boolean {
  return values.get("native") === true || blocks.has("gateway");
}
