/** The chart's pod as a container: what a kubelet makes of a golden, with a world's directories as those of the node. */
import type Docker from "dockerode";
import { removeContainer } from "../../rig/docker.ts";
import { environmentOf, goldenText, manifestsIn, podOf } from "../../support/chart.ts";
import type { World } from "./world.ts";

interface SecurityContext {
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly allowPrivilegeEscalation: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly capabilities: { readonly drop: readonly string[] };
}

export interface Pod {
  /** Where both probes ask. */
  readonly probe: string;
  readonly start: () => Promise<void>;
  /** As when the pod is deleted: SIGTERM, then time; resolves with the exit code. */
  readonly stop: () => Promise<number>;
}

export interface PodOptions {
  /** Of the node's directories by the name of the volume. */
  readonly volumes: Readonly<Record<string, string>>;
  /** What other values would have made of the variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Groups of the process besides the golden's own. */
  readonly groups: readonly number[];
}

/** Who the process is by the golden. */
export function userOf(golden: string): number {
  return Number(podOf(manifestsIn(goldenText(golden))).containers[0].securityContext["runAsUser"]);
}

/** Not started yet. */
export async function podFrom(golden: string, { docker, name }: World, options: PodOptions): Promise<Pod> {
  const { containers, volumes } = podOf(manifestsIn(goldenText(golden)));
  const [container] = containers;
  const security = container.securityContext as unknown as SecurityContext;
  const env = { ...environmentOf(container), ...options.env };
  const wanted = container.volumeMounts.filter((mount) => options.volumes[mount.name] !== undefined);
  const binds = wanted.map((mount) => {
    const volume = volumes.find((one) => one.name === mount.name);
    const path = options.volumes[mount.name] ?? "";
    const target = mount.mountPath === volume?.hostPath?.path ? path : mount.mountPath;
    return `${path}:${target}${mount.readOnly === true ? ":ro" : ""}`;
  });
  const created = await docker.createContainer({
    name: `${name}-pod`,
    Image: env["REMORA_IMAGE"] ?? "",
    Cmd: [...container.args],
    User: `${security.runAsUser}:${security.runAsGroup}`,
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    HostConfig: {
      NetworkMode: "host",
      Binds: binds,
      GroupAdd: options.groups.map(String),
      CapDrop: [...security.capabilities.drop],
      ReadonlyRootfs: security.readOnlyRootFilesystem,
      SecurityOpt: security.allowPrivilegeEscalation ? [] : ["no-new-privileges:true"],
    },
  });
  return {
    probe: container.livenessProbe.httpGet.path,
    start: () => created.start(),
    stop: () => ended(docker, created),
  };
}

async function ended(docker: Docker, container: Docker.Container): Promise<number> {
  await container.stop({ t: 10 });
  const { State } = await container.inspect();
  await removeContainer(docker, container.id);
  return State.ExitCode;
}
