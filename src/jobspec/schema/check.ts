/** Decodes check blocks of services. */
import type { Check } from "../../model/job.ts";
import type { Checked } from "./checked.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

const STATUSES = ["", "passing", "warning", "critical"] as const;

export function decodeCheck(context: Context, block: Checked, service: string): Check {
  const reader = new Reader(context, block);
  const name = reader.text("name", "");
  const expose = reader.bool("expose", false);
  const check: Check = {
    name: name === "" ? `service: "${service}" check` : name,
    type: reader.choiceOfAnyCase("type", ["http", "tcp", "grpc"]) ?? "tcp",
    interval: reader.duration("interval", 0),
    timeout: reader.duration("timeout", 0),
    port: reader.text("port", ""),
    path: reader.text("path", ""),
    protocol: reader.text("protocol", ""),
    method: reader.text("method", ""),
    header: reader.textsMap("header") ?? {},
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
