/** What Nomad knows and Remora will never do, each with its own sentence. */
import { field, inner, refused } from "./rows.ts";
import type { BlockTable, Inner } from "./rows.ts";

/** Nothing inside a refused block is looked at: the one sentence says all. */
function closed(path: string, type: string): BlockTable {
  return { path, name: `a ${type} block`, rows: [] };
}

export const MULTIREGION: Inner = inner(
  "multiregion",
  closed("job.multiregion", "multiregion"),
  "Several regions at once",
  {
    support: refused(
      "A job cannot span several regions",
      "Take multiregion out: every host runs the files of its own directory",
    ),
  },
);

export const PERIODIC: Inner = inner("periodic", closed("job.periodic", "periodic"), "Runs the job by the clock", {
  support: refused(
    "A periodic job cannot be run",
    "Services are kept running and nothing is started by the clock: take periodic out, or leave the job to cron",
  ),
});

export const PARAMETERIZED: Inner = inner(
  "parameterized",
  closed("job.parameterized", "parameterized"),
  "Runs the job each time it is dispatched",
  {
    api: "ParameterizedJob",
    support: refused(
      "A parameterized job cannot be run",
      "Services are kept running and nothing can be dispatched: take parameterized out",
    ),
  },
);

export const VAULT: Inner = inner("vault", closed("job.vault", "vault"), "A token of Vault", {
  support: refused(
    "Secrets of Vault cannot be used",
    "Take the vault block out, and give the task its secrets in another way",
  ),
});

export const DISPATCH_PAYLOAD: Inner = inner(
  "dispatch_payload",
  closed("job.group.task.dispatch_payload", "dispatch_payload"),
  "Where the payload of a dispatched job is put",
  {
    support: refused(
      "There is no payload of a dispatch",
      "Nothing can be dispatched: take dispatch_payload out, and write the file with a template",
    ),
  },
);

export const CSI_PLUGIN: Inner = inner(
  "csi_plugin",
  closed("job.group.task.csi_plugin", "csi_plugin"),
  "Makes the task a plugin for storage",
  {
    api: "CSIPluginConfig",
    omitted: true,
    support: refused("A task cannot be a CSI plugin", "Storage is left to Docker: take csi_plugin out"),
  },
);

export const DEVICE: Inner = inner(
  "device",
  closed("job.group.task.resources.device", "device"),
  "A device such as a GPU",
  {
    api: "Devices",
    label: "Name",
    form: "list",
    support: refused(
      "Devices cannot be asked for",
      "Take the device block out: there is no scheduler that assigns them",
    ),
  },
);

export const NO_BATCH = refused(
  "A batch job cannot be run",
  'Services are kept running and nothing is run to its end: write type = "service" or "system"',
);

export const NO_CSI = refused(
  "A volume of type csi cannot be mounted",
  'Storage is left to Docker: write type = "host", or mount a volume in the task\'s config',
);

export const NO_DRIVER = refused(
  "Only the driver docker is there",
  'Write driver = "docker" and put the command into an image',
);

/** For resources of the time before groups had networks. */
export const TASK_NETWORK: Inner = inner(
  "network",
  { path: "job.group.task.resources.network", name: "a network block of resources", rows: [] },
  "Nomad's old form of a network",
  {
    api: "Networks",
    form: "list",
    support: refused("A task has no network of its own", "Move the network block from resources to the group"),
  },
);

export const KIND = field("kind", "text", "What the task is to the mesh", {
  default: "",
  support: refused(
    "A task cannot be made the proxy of a service by hand",
    "Take kind out, and write sidecar_task in the service's connect block",
  ),
});

/** Nomad's other drivers. */
export const OTHER_DRIVERS = /^(?:exec2?|java|mock_driver|podman|qemu|raw_exec|rkt|lxc|containerd-driver|nspawn)$/;
