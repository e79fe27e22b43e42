/** Rows of a service's checks. */
import { field, inner, later, refused } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const STATUSES = ["", "passing", "warning", "critical"] as const;
export const ON_UPDATE = ["require_healthy", "ignore_warnings", "ignore", ""] as const;

const SCRIPT = later("It runs inside the task, which is not done yet: the service goes without this check");

const OTHER_TYPES = { field: "type", matches: /^(?:http|tcp|grpc)$/i };

const ONLY_SCRIPT = { support: later("Only script checks use it"), warnedBeside: OTHER_TYPES };

const CHECK_RESTART_TABLE: BlockTable = {
  path: "job.group.service.check_restart",
  name: "a check_restart block",
  rows: [
    field("limit", "integer", "How often the check must fail; 0: never restart", { default: 0 }),
    field("grace", "duration", "How long after its start a task is left alone", { default: "1s" }),
    field("ignore_warnings", "bool", "A warning is no failure", { default: false }),
  ],
};

export const CHECK_RESTART: Inner = inner("check_restart", CHECK_RESTART_TABLE, "Restarts a task whose check fails", {
  support: later("A failing check takes the service out of rotation and restarts nothing"),
});

const CHECK_TABLE: BlockTable = {
  path: "job.group.service.check",
  name: "a check block",
  rows: [
    field("name", "text", "What it is called; after its service if nothing is written", { default: "" }),
    field("type", "text", "What is done", {
      default: "",
      choices: ["http", "tcp", "grpc"],
      anyCase: true,
      values: [{ matches: /^script$/i, example: "script", support: SCRIPT }],
    }),
    field("command", "text", "What a script check runs", { default: "", ...ONLY_SCRIPT }),
    field("args", "texts", "Its arguments", {
      support: later("Only script checks use them"),
      warnedBeside: OTHER_TYPES,
    }),
    field("path", "text", "The path of an http check", { default: "" }),
    field("protocol", "text", "http or https", { default: "" }),
    field("port", "text", "A label or a number; the service's port without it", { api: "PortLabel", default: "" }),
    field("expose", "bool", "Lets the check through the sidecar without a certificate", { default: false }),
    field("address_mode", "text", "The address that is checked", {
      default: "",
      choices: ["", "host"],
      values: [
        {
          matches: /^(?:alloc|driver)$/,
          example: "alloc",
          support: refused(
            "A check cannot reach an address inside the namespace yet",
            "Take address_mode out: the check goes to the published port",
          ),
        },
      ],
    }),
    field("advertise", "text", "An address of its own", {
      default: "",
      support: later("The check goes to the address of its service"),
    }),
    field("interval", "duration", "The time between two checks", { default: 0 }),
    field("timeout", "duration", "How long an answer may take", { default: 0 }),
    field("initial_status", "text", "What it is before the first answer", { default: "", choices: STATUSES }),
    field("tls_skip_verify", "bool", "Takes any certificate", { api: "TLSSkipVerify", default: false }),
    field("header", "texts map", "Headers of an http check", { asBlock: true }),
    field("method", "text", "The method of an http check", { default: "" }),
    CHECK_RESTART,
    field("grpc_service", "text", "The service that a grpc check asks for", { api: "GRPCService", default: "" }),
    field("grpc_use_tls", "bool", "A grpc check speaks TLS", { api: "GRPCUseTLS", default: false }),
    field("task", "text", "The task that a script check runs in", {
      api: "TaskName",
      default: "",
      ...ONLY_SCRIPT,
    }),
    field("success_before_passing", "integer", "Good answers in a row that it takes to pass", { default: 0 }),
    field("failures_before_critical", "integer", "Bad answers in a row that it takes to fail", { default: 0 }),
    field("body", "text", "The body of an http check", { default: "" }),
    field("on_update", "text", "What the check means to a deployment; as its service without it", {
      default: "",
      filledIn: "require_healthy",
      choices: ON_UPDATE,
      support: later("An allocation is ready when its sidecar and its tasks are"),
    }),
  ],
};

export const CHECK: Inner = inner("check", CHECK_TABLE, "Says whether the service is healthy", {
  api: "Checks",
  form: "list",
});
