/** A service as Nomad's API JSON: its name, and what its checks take over from it. */
import type { Checked } from "../schema/checked.ts";
import { CHECK_RESTART } from "../schema/table/check.ts";
import type { Plain } from "../schema/table/rows.ts";
import { defaultsOf, printed } from "./print.ts";
import type { Json } from "./print.ts";

/** `name` is what it is called when it has no name of its own. */
export function canonicalService(service: Checked, name: string): Json {
  const json = printed(service);
  const checks = service.blocks.get("check");
  return {
    ...json,
    Name: json["Name"] === "" ? name : (json["Name"] ?? name),
    CheckRestart: serviceRestart(service),
    Checks: checks === undefined ? null : checks.map((check) => canonicalCheck(check, service, json["OnUpdate"] ?? "")),
  };
}

/** Nomad fills in the grace only where it ends up, in the checks. */
function serviceRestart({ blocks }: Checked): Plain {
  const block = blocks.get("check_restart")?.[0];
  return block === undefined ? null : { ...printed(block), Grace: block.values.get("grace") ?? null };
}

function canonicalCheck(check: Checked, service: Checked, onUpdate: Plain): Json {
  const json = printed(check);
  return {
    ...json,
    OnUpdate: json["OnUpdate"] === "" ? onUpdate : (json["OnUpdate"] ?? onUpdate),
    CheckRestart: checkRestart(service.blocks.get("check_restart")?.[0], check.blocks.get("check_restart")?.[0]),
  };
}

/** The check's own over its service's; but nothing of it can be set back to none (Nomad's rule). */
function checkRestart(outer: Checked | undefined, inner: Checked | undefined): Plain {
  if (outer === undefined && inner === undefined) return null;
  const own = [...(inner?.values ?? [])].filter(([name, value]) => outer === undefined || name === "grace" || !!value);
  const values = new Map([...(outer?.values ?? []), ...own]);
  return {
    ...defaultsOf(CHECK_RESTART.table),
    ...(values.has("limit") ? { Limit: values.get("limit") ?? 0 } : {}),
    ...(values.has("grace") ? { Grace: values.get("grace") ?? 0 } : {}),
    ...(values.has("ignore_warnings") ? { IgnoreWarnings: values.get("ignore_warnings") ?? false } : {}),
  };
}
