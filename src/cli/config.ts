/** The configuration: flags before REMORA_* before the file before the defaults, through one schema. */
import { readFile } from "node:fs/promises";
import type { Millis } from "../model/job.ts";
import type { Secret } from "../model/secret.ts";
import type { Settings } from "../model/settings.ts";
import { environmentLayer, fileLayer, flagLayer } from "./layers.ts";
import type { Given, Layer } from "./layers.ts";
import { OPTION_KEYS, optionsSchema } from "./schema.ts";
import type { OptionKey, Options } from "./schema.ts";
import { UserError } from "./user-error.ts";
import type { HostPort } from "./values.ts";

/** What `remora agent` and `remora purge` run with. Absent = to be found out from Docker or Consul. */
export interface AgentConfig {
  readonly jobs: string;
  readonly stateDir: string;
  readonly instance: string;
  readonly node?: string;
  /** An IP address, or the word `bridge`. */
  readonly advertise?: string;
  readonly httpAddr: HostPort;
  readonly httpAllowedHosts: readonly string[];
  readonly proxy: Settings["proxy"];
  readonly envoyImage: string;
  readonly envoyLogLevel: string;
  readonly envoyConcurrency: number;
  readonly infraImage: string;
  readonly consulImage?: string;
  readonly image?: string;
  readonly portRange: Settings["portRange"];
  readonly pruneDelay: Millis;
  readonly deadMan: Millis;
  readonly resync: Millis;
  readonly intentions: Settings["intentions"];
  readonly workers: number;
  /** `http(s)://host:port`. */
  readonly consulForGroups?: string;
  /** `host:port` of xDS. */
  readonly consulGrpcAddress?: string;
  /** Path of a PEM file. */
  readonly consulGrpcCaFile?: string;
  readonly logLevel: Options["logLevel"];
  readonly logFormat: Options["logFormat"];
  readonly consul: ConsulConfig;
  /** As DOCKER_HOST writes it. */
  readonly dockerHost?: string;
}

export interface ConsulConfig {
  /** `http://host:port`, `https://host:port` or `unix:///path`. */
  readonly address: string;
  readonly token?: Secret | { readonly file: string };
  /** Paths of PEM files. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** Where options come from. */
export interface Sources {
  /** By camel-cased name, as commander returns them; `config` names the file. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The control socket, which is the lock of the state directory too. */
export function controlSocket({ stateDir }: { readonly stateDir: string }): string {
  return `${stateDir.replace(/\/+$/, "")}/remora.sock`;
}

/** Throws a UserError that names every option that is wrong, and where it was given. */
export async function loadConfig(sources: Sources): Promise<AgentConfig> {
  return configOf(await loadOptions(OPTION_KEYS, sources), sources.env);
}

/** Only these options; the others may be wrong. Throws a UserError. */
export async function loadOptions<K extends OptionKey>(
  keys: readonly K[],
  { flags, env }: Sources,
): Promise<Pick<Options, K>> {
  const layers = [flagLayer(flags), environmentLayer(env), await configFile(flags, env)];
  const given = new Map<string, Given>();
  for (const key of keys) {
    const found = layers.find((layer) => layer.has(key))?.get(key);
    if (found !== undefined) given.set(key, found);
  }
  const mask = Object.fromEntries(keys.map((key) => [key, true])) as Record<OptionKey, true>;
  const read = optionsSchema
    .pick(mask)
    .safeParse(Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${given.get(String(path[0]))?.where}: ${message}`);
  throw new UserError(problems.join("\n"));
}

async function configFile(flags: Sources["flags"], env: Sources["env"]): Promise<Layer> {
  const file = flags["config"] ?? env["REMORA_CONFIG"];
  if (typeof file !== "string" || file === "") return new Map();
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new UserError(`The config file cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return fileLayer(file, text);
}

function configOf(options: Options, env: Sources["env"]): AgentConfig {
  const { consulAddress, consulToken, consulTokenFile, consulCaFile, consulCertFile, consulKeyFile, ...rest } = options;
  const token = consulTokenFile === undefined ? consulToken : { file: consulTokenFile };
  const tls = { ca: consulCaFile, cert: consulCertFile, key: consulKeyFile };
  return {
    ...rest,
    consul: { address: withScheme(consulAddress, env), ...(token && { token }), tls: present(tls) },
  };
}

/** CONSUL_HTTP_SSL says what an address without a scheme means. */
function withScheme(address: string, env: Sources["env"]): string {
  if (address.includes("://")) return address;
  const ssl = /^(1|t|true)$/i.test(env["CONSUL_HTTP_SSL"] ?? "");
  return `${ssl ? "https" : "http"}://${address}`;
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
