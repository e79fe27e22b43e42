/** A container's specification as the body of Docker's create call. */
import type Dockerode from "dockerode";
import type { ContainerSpec, NetworkAttachment, VolumeMount, VolumeSpec } from "../../model/container.ts";

/** What is absent in the specification is left out, so that the image's and the engine's own defaults hold. */
export function createBody(spec: ContainerSpec): Dockerode.ContainerCreateOptions {
  return {
    Image: spec.image,
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    ...(spec.entrypoint !== undefined && { Entrypoint: [...spec.entrypoint] }),
    ...(spec.command !== undefined && { Cmd: [...spec.command] }),
    ...(spec.user !== undefined && { User: spec.user }),
    ...(spec.workDir !== undefined && { WorkingDir: spec.workDir }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    ...(spec.healthcheck === "none" && { Healthcheck: { Test: ["NONE"] } }),
    ...(ownsNamespace(spec) && { ...identity(spec), ExposedPorts: exposedPorts(spec) }),
    HostConfig: hostConfig(spec),
  };
}

function hostConfig(spec: ContainerSpec): Dockerode.HostConfig {
  return {
    NetworkMode: networkMode(spec.network),
    ...(ownsNamespace(spec) && { PortBindings: portBindings(spec), ...dns(spec) }),
    Mounts: spec.mounts.map(mount),
    // Swap counts as memory: both limits are the same number, or the container could swap as much again.
    ...(spec.memory !== undefined && { Memory: spec.memory, MemorySwap: spec.memory }),
    ...(spec.cpuShares !== undefined && { CpuShares: spec.cpuShares }),
    ...(spec.pidsLimit !== undefined && { PidsLimit: spec.pidsLimit }),
    CapAdd: [...spec.capAdd],
    CapDrop: [...spec.capDrop],
    ReadonlyRootfs: spec.readonlyRootfs,
    SecurityOpt: spec.noNewPrivileges ? ["no-new-privileges"] : [],
    RestartPolicy: { Name: spec.restart },
    LogConfig: {
      Type: "json-file",
      Config: { "max-file": String(spec.logs.maxFiles), "max-size": `${spec.logs.maxSizeMb}m` },
    },
  };
}

/** Docker refuses a host name, DNS settings and ports for a container that joins another's namespace. */
function ownsNamespace(spec: ContainerSpec): boolean {
  return spec.network.kind !== "container";
}

function networkMode(network: NetworkAttachment): string {
  if (network.kind === "bridge") return network.name;
  return network.kind === "container" ? `container:${network.id}` : network.kind;
}

function identity(spec: ContainerSpec): Pick<Dockerode.ContainerCreateOptions, "Hostname"> {
  return spec.hostname === undefined ? {} : { Hostname: spec.hostname };
}

function dns(spec: ContainerSpec): Pick<Dockerode.HostConfig, "Dns" | "DnsSearch" | "DnsOptions"> {
  if (spec.dns === undefined) return {};
  return { Dns: [...spec.dns.servers], DnsSearch: [...spec.dns.searches], DnsOptions: [...spec.dns.options] };
}

function portBindings(spec: ContainerSpec): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of spec.publish) {
    for (const protocol of port.protocols) {
      (bindings[`${port.containerPort}/${protocol}`] ??= []).push({
        HostIp: port.hostIp,
        HostPort: String(port.hostPort),
      });
    }
  }
  return bindings;
}

function exposedPorts(spec: ContainerSpec): Record<string, object> {
  return Object.fromEntries(Object.keys(portBindings(spec)).map((port) => [port, {}]));
}

function mount(mount: VolumeMount): Dockerode.MountSettings {
  const { volume } = mount;
  return {
    Type: "volume",
    Source: volume.name,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    // What the image has at the target does not belong in the volume.
    VolumeOptions: { NoCopy: true, Labels: { ...volume.labels }, DriverConfig: driver(volume.tmpfs) },
  };
}

/** Docker's local driver hands these to mount(8): https://docs.docker.com/reference/cli/docker/volume/create/#opt */
function driver(tmpfs: VolumeSpec["tmpfs"]): { Name: string; Options: Record<string, string> } {
  if (tmpfs === undefined) return { Name: "local", Options: {} };
  const { sizeMb, mode, uid } = tmpfs;
  const o = `size=${sizeMb}m,mode=${mode},uid=${uid},noexec,nosuid,nodev`;
  return { Name: "local", Options: { type: "tmpfs", device: "tmpfs", o } };
}
