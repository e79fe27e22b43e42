/** Decodes what the Docker driver is told: a task's config and its resources. */
import type { DockerConfig, Resources } from "../../model/job.ts";
import type { Block } from "../tree.ts";
import { words } from "./content.ts";
import type { Shape } from "./content.ts";
import { Reader } from "./reader.ts";
import type { Context } from "./reader.ts";

/** The rest of what Nomad's Docker driver understands. */
export const CONFIG_LATER = words(`
    advertise_ipv6_address auth auth_soft_fail cgroupns container_exists_attempts cpu_cfs_period cpu_hard_limit
    devices dns_options dns_search_domains dns_servers extra_hosts group_add healthchecks hostname
    image_pull_timeout init interactive ipc_mode ipv4_address ipv6_address isolation load logging mac_address
    memory_hard_limit mount mounts network_aliases network_mode oom_score_adj pid_mode pids_limit port_map ports
    privileged runtime security_opt shm_size storage_opt sysctl tty ulimit userns_mode uts_mode volume_driver
    volumes windows_allow_insecure_container_admin
  `);

/** Nomad's other drivers. */
export const OTHER_DRIVERS = /^(?:exec2?|java|mock_driver|podman|qemu|raw_exec)$/;

const CONFIG: Shape = {
  name: "a task's config",
  arguments: words("image command args entrypoint work_dir force_pull cap_add cap_drop readonly_rootfs"),
  maps: ["labels"],
  later: CONFIG_LATER,
};

export const RESOURCES: Shape = {
  name: "a resources block",
  arguments: ["cpu", "memory"],
  later: ["cores", "device", "disk", "iops", "memory_max", "network", "numa", "secrets"],
};

const DEFAULT_RESOURCES: Resources = { cpu: 100, memory: 300 };
export function decodeConfig(context: Context, block: Block): DockerConfig {
  const reader = new Reader(context, block, CONFIG);
  const [command, entrypoint, workDir] = [reader.text("command"), reader.texts("entrypoint"), reader.text("work_dir")];
  const config: DockerConfig = {
    image: reader.text("image", ""),
    ...(command === undefined ? {} : { command }),
    args: reader.texts("args", []),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    labels: reader.textMap("labels") ?? {},
    ...(workDir === undefined ? {} : { workDir }),
    forcePull: reader.bool("force_pull", false),
    capAdd: reader.texts("cap_add", []),
    capDrop: reader.texts("cap_drop", []),
    readonlyRootfs: reader.bool("readonly_rootfs", false),
  };
  return context.places.note(config, reader.place);
}

export function decodeResources(context: Context, block: Block | undefined): Resources {
  if (block === undefined) return DEFAULT_RESOURCES;
  const reader = new Reader(context, block, RESOURCES);
  const resources: Resources = {
    cpu: reader.integer("cpu", DEFAULT_RESOURCES.cpu),
    memory: reader.integer("memory", DEFAULT_RESOURCES.memory),
  };
  return context.places.note(resources, reader.place);
}
