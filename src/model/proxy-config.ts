/** Reads the keys of a proxy's configuration that shape its bootstrap, as leniently as Consul does. */
import type { BootstrapKey } from "./bootstrap-keys.ts";

export type Json = Readonly<Record<string, unknown>>;

type Variables = Readonly<Record<string, string>>;

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Cuts the first group out of a statistic's name; the second is the tag's value. Or: the same value on every statistic. */
export type StatsTag =
  | { readonly tag_name: string; readonly regex: string }
  | { readonly tag_name: string; readonly fixed_value: string };

/** Where statistics are sent to by UDP or a unix socket. */
export type SinkTarget = SocketAddress | { readonly path: string };

/** What `Proxy.Config` says about the bootstrap; all else in it reaches Envoy through xDS. */
export interface ProxyConfig {
  readonly prometheus?: SocketAddress;
  readonly stats?: SocketAddress;
  readonly statsd?: SinkTarget;
  readonly dogstatsd?: SinkTarget;
  readonly extraSinks: readonly Json[];
  readonly statsTags: readonly StatsTag[];
  /** Replaces the whole `stats_config`. */
  readonly statsConfig?: Json;
  readonly flushInterval?: string;
  readonly tracing?: Json;
  readonly extraClusters: readonly Json[];
  readonly extraListeners: readonly Json[];
}

/** A key that will not do, and why in one sentence. */
export interface ConfigProblem {
  readonly key: BootstrapKey;
  readonly sentence: string;
}

/** Keys of Consul that make a bootstrap which is not Remora's to make. */
const REFUSED = ["envoy_bootstrap_json_tpl", "envoy_telemetry_collector_bind_socket_dir"] as const;

/** The configuration, variables of `env` filled in, and one sentence for each key that will not do. */
export function readProxyConfig(
  config: Json,
  env: Variables,
): { readonly config: ProxyConfig; readonly problems: readonly ConfigProblem[] } {
  const reader = new Reader(config);
  const read: ProxyConfig = {
    ...reader.optional("envoy_prometheus_bind_addr", "prometheus", socketAddress),
    ...reader.optional("envoy_stats_bind_addr", "stats", socketAddress),
    ...reader.optional("envoy_statsd_url", "statsd", (text) => sink(text, "udp://ip:port", env)),
    ...reader.optional("envoy_dogstatsd_url", "dogstatsd", (text) => sink(text, "udp://ip:port or unix:///path", env)),
    ...reader.optional("envoy_stats_config_json", "statsConfig", object),
    ...reader.optional("envoy_stats_flush_interval", "flushInterval", duration),
    ...reader.optional("envoy_tracing_json", "tracing", object),
    extraSinks: reader.one("envoy_extra_stats_sinks_json", objects) ?? [],
    extraClusters: reader.one("envoy_extra_static_clusters_json", objects) ?? [],
    extraListeners: reader.one("envoy_extra_static_listeners_json", objects) ?? [],
    statsTags: reader.texts("envoy_stats_tags").map(statsTag),
  };
  for (const key of REFUSED) reader.refuse(key);
  return { config: read, problems: reader.problems };
}

/** What a text should have been. */
class Wrong {
  readonly expected: string;

  constructor(expected: string) {
    this.expected = expected;
  }
}

class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #config: Json;

  constructor(config: Json) {
    this.#config = config;
  }

  /** Consul takes a number for its text; an empty text counts as absent. */
  one<T>(key: BootstrapKey, read: (text: string) => T | Wrong): T | undefined {
    const value = this.#config[key] ?? "";
    const text = typeof value === "number" ? String(value) : value;
    if (text === "") return undefined;
    const result = typeof text === "string" ? read(text) : new Wrong("a text");
    if (!(result instanceof Wrong)) return result;
    this.#wrong(key, `must be ${result.expected}`);
    return undefined;
  }

  optional<T, K extends string>(
    key: BootstrapKey,
    name: K,
    read: (text: string) => T | Wrong,
  ): { readonly [P in K]?: T } {
    const value = this.one(key, read);
    return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: T };
  }

  /** A list; a single text counts as a list of one, which is also how Consul 1.8 shows one. */
  texts(key: BootstrapKey): readonly string[] {
    const value = this.#config[key] ?? [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((item) => typeof item === "string")) return list;
    this.#wrong(key, "must be a list of texts");
    return [];
  }

  refuse(key: BootstrapKey): void {
    if ((this.#config[key] ?? "") !== "") this.#wrong(key, "is not supported: Remora makes Envoy's bootstrap itself");
  }

  #wrong(key: BootstrapKey, what: string): void {
    this.problems.push({ key, sentence: `${key} in the proxy's config ${what}` });
  }
}

function socketAddress(text: string): SocketAddress | Wrong {
  const [, address = "", port = ""] = /^\[?([^\]]*)\]?:(\d+)$/.exec(text) ?? [];
  return isPort(port) && address !== ""
    ? { address, port: Number(port) }
    : new Wrong("an address such as 0.0.0.0:9102");
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

type SinkForm = "udp://ip:port" | "udp://ip:port or unix:///path";

/** Consul takes `$NAME` for the whole text from the environment, and within a text it fills in HOST_IP alone. */
function sink(raw: string, form: SinkForm, env: Variables): SinkTarget | Wrong {
  const name = /^\$(\w+)$/.exec(raw)?.[1];
  const text = name === undefined ? withHostIp(raw, env) : env[name];
  if (text === undefined || text === "") return new Wrong(`${form}: $${name} is not in the env of its sidecar_task`);
  if (text.includes("$")) return new Wrong(`${form}; within it only \${HOST_IP} is filled in`);
  const target = sinkTarget(text, form);
  return target instanceof Wrong && name !== undefined ? new Wrong(`${form}, which $${name} is not`) : target;
}

function withHostIp(text: string, env: Variables): string {
  return text.replaceAll(/\$(?:\{HOST_IP\}|HOST_IP\b)/g, env["HOST_IP"] ?? "");
}

function sinkTarget(text: string, form: SinkForm): SinkTarget | Wrong {
  const [, scheme = "", rest = ""] = /^([a-z]+):\/\/(.+)$/.exec(text) ?? [];
  if (scheme === "unix" && form.includes("unix")) return { path: rest };
  const target = scheme === "udp" ? socketAddress(rest) : undefined;
  return target === undefined || target instanceof Wrong ? new Wrong(form) : target;
}

function duration(text: string): string | Wrong {
  return /^\d+(?:\.\d+)?(?:ns|us|ms|s|m|h)$/.test(text) ? text : new Wrong("a duration such as 10s");
}

function object(text: string): Json | Wrong {
  const list = objects(text);
  const [first] = Array.isArray(list) ? (list as readonly Json[]) : [];
  return first ?? new Wrong("one JSON object");
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON objects separated by commas, without brackets, as Consul takes them. */
function objects(text: string): readonly Json[] | Wrong {
  const wrong = new Wrong("JSON objects separated by commas");
  try {
    const list = JSON.parse(`[${text}]`) as readonly unknown[];
    return list.every(isObject) ? list : wrong;
  } catch {
    return wrong;
  }
}

/** `name=value`, or a flag that stands for 1. */
function statsTag(text: string): StatsTag {
  const [name = "", ...rest] = text.split("=");
  return { tag_name: name.trim().toLowerCase(), fixed_value: rest.length === 0 ? "1" : rest.join("=").trim() };
}
