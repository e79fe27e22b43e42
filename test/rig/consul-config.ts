/** The configuration of one Consul server: ACLs that deny by default, Connect, and nothing that leaves this host. */

export interface ConsulPorts {
  readonly http: number;
  readonly grpc: number;
  readonly server: number;
  readonly serf: number;
}

export interface ConsulSettings {
  readonly version: string;
  readonly ports: ConsulPorts;
  /** An address of this host that is not a loopback one. */
  readonly bind: string;
  readonly nodeName: string;
  readonly datacenter: string;
  /** The initial management token. */
  readonly token: string;
  /** Where Consul keeps its state, as Consul sees it. */
  readonly dataDir: string;
}

/** The agent's configuration file. Version 1.11 gave the initial management token its present name. */
export function consulConfig(settings: ConsulSettings): object {
  const { token } = settings;
  const management = atLeast(settings.version, 1, 11) ? "initial_management" : "master";
  return {
    server: true,
    bootstrap_expect: 1,
    node_name: settings.nodeName,
    datacenter: settings.datacenter,
    data_dir: settings.dataDir,
    client_addr: "127.0.0.1",
    bind_addr: settings.bind,
    advertise_addr: settings.bind,
    ports: portsOf(settings),
    connect: { enabled: true },
    acl: { enabled: true, default_policy: "deny", tokens: { [management]: token, agent: token } },
    performance: { raft_multiplier: 1 },
    disable_update_check: true,
    log_level: "info",
  };
}

/** Since 1.14 xDS over TLS has a port of its own, on by default and the same for every server of a host. */
function portsOf({ ports, version }: ConsulSettings): object {
  const { http, grpc, server, serf } = ports;
  const own = { http, grpc, server, serf_lan: serf, serf_wan: -1, dns: -1 };
  return atLeast(version, 1, 14) ? { ...own, grpc_tls: -1 } : own;
}

/** Whether a version as in `1.8.7` is this one or a later one. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const [has = 0, hasMinor = 0] = version.split(".").map(Number);
  return has > major || (has === major && hasMinor >= minor);
}
