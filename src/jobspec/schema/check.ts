/** Decodes check blocks of services. */
import type { Check } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { listOfTexts, Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const CHECK: Shape = {
  name: "a check block",
  arguments: words(`
    name type interval timeout port path protocol method body grpc_service grpc_use_tls tls_skip_verify
    initial_status success_before_passing failures_before_critical expose
  `),
  maps: ["header"],
  later: words(`
    address_mode advertise args check_restart command failures_before_warning notes on_update task
    tls_server_name
  `),
};

const STATUSES = ["", "passing", "warning", "critical"] as const;

export function decodeCheck(context: Context, block: Block, service: string): Check {
  const reader = new Reader(context, block, CHECK);
  const expose = reader.bool("expose", false);
  const check: Check = {
    name: reader.text("name", `service: "${service}" check`),
    type: reader.choice("type", ["http", "tcp", "grpc"], /^script$/) ?? "tcp",
    interval: reader.duration("interval", 0),
    timeout: reader.duration("timeout", 0),
    port: reader.text("port", ""),
    path: reader.text("path", ""),
    protocol: reader.text("protocol", ""),
    method: reader.text("method", ""),
    header: reader.map("header", "a list of strings", listOfTexts) ?? {},
    body: reader.text("body", ""),
    grpcService: reader.text("grpc_service", ""),
    grpcUseTls: reader.bool("grpc_use_tls", false),
    tlsSkipVerify: reader.bool("tls_skip_verify", false),
    initialStatus: reader.choice("initial_status", STATUSES) ?? "",
    successBeforePassing: reader.integer("success_before_passing", 0),
    failuresBeforeCritical: reader.integer("failures_before_critical", 0),
    ...(expose ? { expose } : {}),
  };
  return context.places.note(check, reader.place);
}
