/** Rows of what brings files into a task: template and artifact; and of a group's volumes. */
import { NO_CSI } from "./refused.ts";
import { field, inner, later, newer } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

const CHANGE_SCRIPT: BlockTable = {
  path: "job.group.task.template.change_script",
  name: "a change_script block",
  rows: [
    field("command", "text", "What is run", { default: "", nullable: true }),
    field("args", "texts", "Its arguments"),
    field("timeout", "duration", "How long it may take", { default: "5s" }),
    field("fail_on_error", "bool", "Its failure kills the task", { default: false, nullable: true }),
  ],
};

const WAIT: BlockTable = {
  path: "job.group.task.template.wait",
  name: "a wait block",
  rows: [field("min", "duration", "The least time without a change"), field("max", "duration", "The longest wait")],
};

const TEMPLATE_TABLE: BlockTable = {
  path: "job.group.task.template",
  name: "a template block",
  rows: [
    field("source", "text", "The file that holds the template", { api: "SourcePath", default: "", nullable: true }),
    field("destination", "text", "The file that is written", { api: "DestPath", default: "", nullable: true }),
    field("data", "text", "The template itself", { api: "EmbeddedTmpl", default: "", nullable: true }),
    field("change_mode", "text", "What happens when the file changes", {
      default: "restart",
      choices: ["noop", "signal", "restart", "script"],
    }),
    inner("change_script", CHANGE_SCRIPT, "What is run when the file changes"),
    field("change_signal", "text", "The signal when the file changes", { default: "", nullable: true }),
    field("splay", "duration", "A wait of up to so long before", { default: "5s" }),
    field("perms", "text", "The file's mode", { default: "0644" }),
    field("uid", "integer", "The file's user"),
    field("gid", "integer", "The file's group"),
    field("left_delimiter", "text", "What opens an action", { api: "LeftDelim", default: "{{" }),
    field("right_delimiter", "text", "What closes it", { api: "RightDelim", default: "}}" }),
    field("env", "bool", "The file's lines become environment", { api: "Envvars", default: false, nullable: true }),
    field("vault_grace", "duration", "Of the time before Nomad 0.11", { default: "0s" }),
    inner("wait", WAIT, "How long changes are collected"),
    newer("error_on_missing_key", "a template block", "ErrMissingKey"),
    newer("once", "a template block"),
  ],
};

export const TEMPLATE: Inner = inner("template", TEMPLATE_TABLE, "A file that is made from a template", {
  api: "Templates",
  form: "list",
  support: later("The file is not written and its environment not set"),
});

const ARTIFACT_TABLE: BlockTable = {
  path: "job.group.task.artifact",
  name: "an artifact block",
  rows: [
    field("source", "text", "Where it comes from", { api: "GetterSource" }),
    field("options", "text map", "Options of the download, such as checksum", { api: "GetterOptions", asBlock: true }),
    field("headers", "text map", "Headers of the download", { api: "GetterHeaders", asBlock: true }),
    field("mode", "text", "file, dir or any", {
      api: "GetterMode",
      default: "any",
      choices: ["any", "file", "dir", ""],
    }),
    field("destination", "text", "Where it is put", { api: "RelativeDest", default: "local/" }),
    newer("insecure", "an artifact block", "GetterInsecure"),
    newer("chown", "an artifact block"),
  ],
};

export const ARTIFACT: Inner = inner("artifact", ARTIFACT_TABLE, "A file that is downloaded before the task starts", {
  api: "Artifacts",
  form: "list",
  support: later("Nothing is downloaded: put the file into the image"),
});

const MOUNT_OPTIONS: BlockTable = {
  path: "job.group.volume.mount_options",
  name: "a mount_options block",
  rows: [
    field("fs_type", "text", "The file system", { api: "FSType", default: "" }),
    field("mount_flags", "texts", "Flags of the mount"),
  ],
};

const VOLUME_TABLE: BlockTable = {
  path: "job.group.volume",
  name: "a volume block",
  rows: [
    field("type", "text", "host", {
      default: "",
      choices: ["host", ""],
      values: [{ matches: /^csi$/, example: "csi", support: NO_CSI }],
    }),
    field("source", "text", "The name of the host's volume", { default: "" }),
    field("read_only", "bool", "It cannot be written", { default: false }),
    field("access_mode", "text", "Of csi volumes", { default: "" }),
    field("attachment_mode", "text", "Of csi volumes", { default: "" }),
    inner("mount_options", MOUNT_OPTIONS, "Of csi volumes"),
    field("per_alloc", "bool", "Of csi volumes", { default: false }),
    newer("sticky", "a volume block"),
  ],
};

export const VOLUME: Inner = inner("volume", VOLUME_TABLE, "Storage that the group's tasks can mount", {
  api: "Volumes",
  label: "Name",
  form: "map",
  support: later("Nothing is mounted: what tasks write goes with their containers"),
});
