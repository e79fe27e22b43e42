/** Decodes service blocks of groups and tasks. */
import type { Connect, Service } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import { decodeCheck } from "./check.ts";
import { decodeConnect } from "./connect.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const SERVICE: Shape = {
  name: "a service block",
  arguments: ["name", "port", "tags", "address_mode", "enable_tag_override", "task"],
  blocks: { check: 0, connect: 0 },
  maps: ["meta"],
  later: words(`
    address canary_meta canary_tags check_restart cluster identity kind on_update provider tagged_addresses
    weights
  `),
};

/** Nomad's other modes: addresses inside the namespace, which no host but this one reaches. */
const OTHER_ADDRESSES = /^(?:alloc(?:_ipv6)?|driver)$/;

/** The names that a service is called after when it has none of its own. */
export interface ServiceOwner {
  readonly job: string;
  readonly group: string;
  readonly task?: string;
}

export function decodeService(context: Context, block: Block, owner: ServiceOwner): Service {
  const reader = new Reader(context, block, SERVICE);
  const name = serviceName(reader.text("name"), owner);
  const connect = decodeServiceConnect(context, reader);
  const service: Service = {
    name,
    port: reader.text("port", ""),
    tags: reader.texts("tags", []),
    meta: reader.textMap("meta") ?? {},
    addressMode: reader.choice("address_mode", ["auto", "host"], OTHER_ADDRESSES) ?? "auto",
    enableTagOverride: reader.bool("enable_tag_override", false),
    ...(owner.task === undefined ? {} : { task: owner.task }),
    checks: reader.blocks("check").map((check) => decodeCheck(context, check, name)),
    ...(connect === undefined ? {} : { connect }),
  };
  checkTask(reader, owner);
  return context.places.note(service, reader.place);
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
  return block && decodeConnect(context, block);
}

/** Nomad uses a group service's `task` for script checks and native Connect only, and neither is supported yet. */
function checkTask(reader: Reader, owner: ServiceOwner): void {
  const named = reader.text("task");
  if (named === undefined || named === owner.task) return;
  const detail = "It matters only to script checks and native Connect services; take it out";
  reader.context.problems.add(
    reader.place.parts.get("task") ?? reader.block.range,
    '"task" is not supported yet in a service',
    detail,
  );
}
