/** The sidecar's container as it should be: the proxy's program, what the job changes about it, and little power. */
import type { Container, ContainerSpec, VolumeMount } from "../model/container.ts";
import { interpolate } from "../model/interpolate.ts";
import { connectProxyName, type Millis, type Service } from "../model/job.ts";
import { LABEL } from "../model/labels.ts";
import { sidecarCommand, sidecarLimits, sidecarUser } from "../model/sidecar.ts";
import type { PrivateFile } from "../model/step.ts";
import { consulProxy, RELAY_DIRECTORY, relayVolume } from "./consul-proxy.ts";
import { envoyProxy } from "./envoy-proxy.ts";
import { memberLabels } from "./namespace.ts";
import { infraDirectory, memberName, mount, secretsVolume, sidecarUid } from "./naming.ts";
import type { NoProgram, ProxyProgram } from "./proxy-program.ts";
import { localPortOf, registrationSpec } from "./registration-spec.ts";
import { imageToRun, sidecarEnv, sidecarValues } from "./sidecar-task.ts";
import { writeMemberStop } from "./stopping.ts";
import { currentToken, needsIdentity } from "./token.ts";
import { writeRestarts, type AllocView } from "./view.ts";

/** Generation of the token a sidecar is to have, as its label says it; "" without one. */
export function generationOf(view: AllocView, service: Service): string {
  return needsIdentity(view, service) ? String(currentToken(view, service.name)?.generation ?? "") : "";
}

/** The container, and the files it needs before it starts. */
export interface SidecarPlan {
  readonly spec: ContainerSpec;
  readonly files: readonly PrivateFile[];
}

export function sidecarPlan(
  view: AllocView,
  service: Service,
  infra: Container,
  restarts: { readonly count: number; readonly since: Millis },
): SidecarPlan | NoProgram {
  const program = proxyProgram(view, service);
  if ("problem" in program) return program;
  const spec = containerSpec(view, service, infra, program);
  return {
    spec: { ...spec, labels: { ...spec.labels, [LABEL.restarts]: writeRestarts(restarts) } },
    files: privateFiles(view, service, program),
  };
}

/** Why a sidecar of the group could not be started, as far as that is known before it is registered. */
export function noProgram(view: AllocView): string | undefined {
  const programs = view.group.services
    .filter(({ connect }) => connect !== undefined)
    .map((service) => proxyProgram(view, service));
  return programs.flatMap((program) => ("problem" in program ? program.problem : []))[0];
}

function proxyProgram(view: AllocView, service: Service): ProxyProgram | NoProgram {
  const spec = registrationSpec(view, service, "open");
  return view.settings.proxy === "envoy"
    ? envoyProxy(view, service, spec)
    : consulProxy(view, spec, localPortOf(view, service));
}

function containerSpec(view: AllocView, service: Service, infra: Container, program: ProxyProgram): ContainerSpec {
  const task = connectProxyName(service.name);
  const own = service.connect?.sidecarTask ?? {};
  const { resources, killTimeout, killSignal, logs } = sidecarLimits(own);
  const uid = sidecarUid(service);
  const delay = own.shutdownDelay ?? program.shutdownDelay;
  return {
    ...overridden(view, service, program),
    name: memberName(task, view.ref.alloc),
    labels: {
      ...memberLabels(view),
      [LABEL.role]: "sidecar",
      [LABEL.service]: service.name,
      [LABEL.task]: task,
      [LABEL.generation]: generationOf(view, service),
      [LABEL.stop]: writeMemberStop({
        signal: killSignal,
        timeout: killTimeout,
        rank: "proxy",
        ...(delay === undefined ? {} : { delay }),
      }),
    },
    user: sidecarUser(own),
    network: { kind: "container", id: infra.id },
    publish: [],
    // Envoy keeps the socket of its admin interface there.
    mounts: [mount(secretsVolume(view, task, uid), "/secrets", view.settings.proxy === "consul"), ...relayMounts(view)],
    memory: resources.memory * 1024 * 1024,
    cpuShares: resources.cpu,
    pidsLimit: 256,
    capAdd: [],
    capDrop: ["ALL"],
    readonlyRootfs: true,
    noNewPrivileges: true,
    restart: "no",
    logs,
  };
}

function relayMounts({ settings }: AllocView): readonly VolumeMount[] {
  return settings.consulForGroups === undefined ? [mount(relayVolume(settings), RELAY_DIRECTORY, true)] : [];
}

type Overridden = Pick<ContainerSpec, "image" | "env" | "entrypoint" | "command">;

/** The program with what the job's `sidecar_task` changes about it. */
function overridden(view: AllocView, service: Service, program: ProxyProgram): Overridden {
  const own = service.connect?.sidecarTask ?? {};
  const values = sidecarValues(view);
  const text = (raw: string): string => interpolate(raw, values);
  const entrypoint = own.entrypoint?.map(text) ?? program.entrypoint;
  return {
    image: imageToRun(view, service, program.image),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    command: sidecarCommand(own, program.command).map(text),
    env: { ...program.env, ...sidecarEnv(view, service) },
  };
}

function privateFiles(view: AllocView, service: Service, { files }: ProxyProgram): readonly PrivateFile[] {
  const token = needsIdentity(view, service) ? currentToken(view, service.name) : undefined;
  const directory = infraDirectory(connectProxyName(service.name), "secrets");
  const accessor = token === undefined ? {} : { accessor: token.accessor };
  return files.map((file) => ({ ...file, directory, uid: sidecarUid(service), ...accessor }));
}
