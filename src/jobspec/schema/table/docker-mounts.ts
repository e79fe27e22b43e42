/** Rows of the mounts in the Docker driver's config. */
import { field, inner, later } from "./rows.ts";
import type { BlockTable, Inner, Row } from "./rows.ts";

const SENTENCE = later("Nothing is mounted: what the task writes goes with its container");

function options(path: string, name: string, rows: readonly Row[]): BlockTable {
  return { path: `${path}.${name}`, name: `a ${name} block`, rows, verbatim: true };
}

function mounts(name: string): Inner {
  const path = `job.group.task.config.${name}`;
  const bind = options(path, "bind_options", [
    field("propagation", "text", "How mounts inside it spread", { api: "propagation" }),
  ]);
  const tmpfs = options(path, "tmpfs_options", [
    field("size", "integer", "Bytes", { api: "size" }),
    field("mode", "integer", "The directory's mode", { api: "mode" }),
  ]);
  const driver = options(`${path}.volume_options`, "driver_config", [
    field("name", "text", "The volume's driver", { api: "name" }),
    field("options", "text map", "Its options", { api: "options", listed: true }),
  ]);
  const volume = options(path, "volume_options", [
    field("no_copy", "bool", "Does not copy the image's files into it", { api: "no_copy" }),
    field("labels", "text map", "Labels of the volume", { api: "labels", listed: true }),
    inner("driver_config", driver, "The volume's driver", { api: "driver_config", either: true }),
  ]);
  const table: BlockTable = {
    path,
    name: `a ${name} block`,
    rows: [
      field("type", "text", "bind, volume or tmpfs", { api: "type", choices: ["bind", "volume", "tmpfs", ""] }),
      field("target", "text", "Where it is mounted", { api: "target" }),
      field("source", "text", "What is mounted", { api: "source" }),
      field("readonly", "bool", "It cannot be written", { api: "readonly" }),
      inner("bind_options", bind, "Of bind mounts", { api: "bind_options", either: true }),
      inner("tmpfs_options", tmpfs, "Of tmpfs mounts", { api: "tmpfs_options", either: true }),
      inner("volume_options", volume, "Of volumes", { api: "volume_options", either: true }),
    ],
    verbatim: true,
  };
  return inner(name, table, "A mount", { api: name, form: "list", either: true, support: SENTENCE });
}

export const MOUNT = mounts("mount");
export const MOUNTS = mounts("mounts");
