/** The sidecar's container as it should be: the proxy's program, what the job changes about it, and little power. */
import type { Container, ContainerSpec } from "../model/container.ts";
import { interpolate, interpolateRecord } from "../model/interpolate.ts";
import { connectProxyName, type Millis, type Service, type SidecarTask } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import { consulProxy } from "./consul-proxy.ts";
import { groupValues } from "./environment.ts";
import { memberLabels } from "./namespace.ts";
import { memberName, mount, secretsVolume, sidecarUid } from "./naming.ts";
import { localPortOf, registrationSpec } from "./registration-spec.ts";
import { writeMemberStop } from "./stopping.ts";
import { currentToken, needsIdentity } from "./token.ts";
import { writeRestarts, type AllocView } from "./view.ts";

/** Nomad's default `kill_timeout`. */
const KILL_TIMEOUT: Millis = 5_000;

/** Generation of the token a sidecar is to have, as its label says it; "" without one. */
export function generationOf(view: AllocView, service: Service): string {
  return needsIdentity(view, service) ? String(currentToken(view, service.name)?.generation ?? "") : "";
}

export function sidecarSpec(
  view: AllocView,
  service: Service,
  infra: Container,
  restarts: { readonly count: number; readonly since: Millis },
): ContainerSpec {
  const task = connectProxyName(service.name);
  const own = service.connect?.sidecarTask ?? {};
  const uid = sidecarUid(service);
  const { mounts, ...program } = programOf(view, service, own);
  return {
    ...program,
    name: memberName(task, view.ref.alloc),
    labels: {
      ...memberLabels(view),
      [LABEL.role]: "sidecar",
      [LABEL.service]: service.name,
      [LABEL.task]: task,
      [LABEL.generation]: generationOf(view, service),
      [LABEL.restarts]: writeRestarts(restarts),
      [LABEL.stop]: writeMemberStop({
        signal: own.killSignal ?? "",
        timeout: own.killTimeout ?? KILL_TIMEOUT,
        rank: "proxy",
      }),
    },
    user: own.user ?? `${uid}:${uid}`,
    network: { kind: "container", id: infra.id },
    publish: [],
    mounts: [mount(secretsVolume(view, task, uid), "/secrets", true), ...mounts],
    memory: (own.resources?.memory ?? 128) * 1024 * 1024,
    cpuShares: own.resources?.cpu ?? 250,
    pidsLimit: 256,
    capAdd: [],
    capDrop: ["ALL"],
    readonlyRootfs: true,
    noNewPrivileges: true,
    restart: "no",
    logs: { maxFiles: 2, maxSizeMb: 2 },
  };
}

type Program = Pick<ContainerSpec, "image" | "env" | "mounts"> &
  Required<Pick<ContainerSpec, "entrypoint" | "command">>;

function programOf(view: AllocView, service: Service, own: SidecarTask): Program {
  const proxy = consulProxy(view, registrationSpec(view, service, "open"), localPortOf(view, service));
  const values = groupValues(view);
  const text = (raw: string): string => interpolate(raw, values);
  const command = [...(own.command === undefined ? [] : [own.command]), ...(own.args ?? [])].map(text);
  // One that is repaired keeps its image, should the default have changed since.
  const image = own.image ?? view.sidecars.get(service.name)?.image ?? view.settings.images.consul;
  return {
    image: text(image),
    entrypoint: own.entrypoint?.map(text) ?? proxy.entrypoint,
    command: command.length > 0 ? command : proxy.command,
    env: { ...proxy.env, ...interpolateRecord(own.env ?? {}, values) },
    mounts: proxy.mounts,
  };
}
