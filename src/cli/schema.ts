/** Every option of Remora, once: what it means, its default, its values. Flags, environment and file follow from here. */
import { z } from "zod";
import { Secret } from "../model/secret.ts";
import {
  advertised,
  consulAddress,
  consulForGroups,
  dockerHost,
  durationBetween,
  filled,
  grpcAddress,
  hostPort,
  nameList,
  portRange,
  Problem,
  textAs,
} from "./values.ts";

export interface OptionMeta {
  /** One sentence or two for --help and the docs. */
  readonly description: string;
  /** What stands for the value in --help. */
  readonly placeholder: string;
  /** Variables of other tools that are read after REMORA_*. */
  readonly env?: readonly string[];
  /** False: no flag, because the arguments of a process are for everyone to read. */
  readonly flag?: false;
  /** What holds when nothing is given and the schema has no default. */
  readonly otherwise?: string;
}

function option<T extends z.ZodType>(schema: T, meta: OptionMeta): T {
  return schema.meta({ ...meta });
}

function oneOf<const T extends readonly [string, ...string[]]>(...words: T): z.ZodEnum<z.core.util.ToEnum<T[number]>> {
  return z.enum(words, { error: `must be one of ${words.join(", ")}` });
}

function matching(pattern: RegExp, sentence: string): z.ZodType<string, string> {
  return textAs((text) => (pattern.test(text) ? text : new Problem(sentence)));
}

const image = matching(/^[^\s]+$/, "must be the name of an image");
const path = textAs(filled);

function wholeNumber(least: number, most: number): z.ZodType<number, string | number> {
  const error = `must be a whole number from ${least} to ${most}`;
  const read = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)], { error });
  return read.pipe(z.int({ error }).min(least, { error }).max(most, { error }));
}

export const optionsSchema = z.strictObject({
  jobs: option(path.prefault("/etc/remora/jobs"), {
    description: "Directory of job files, watched with its subdirectories: *.nomad, *.hcl, *.yaml, *.yml, *.json.",
    placeholder: "dir",
  }),
  stateDir: option(path.prefault("/var/lib/remora"), {
    description: "Directory for what must survive a restart, and for the control socket; one agent at a time uses it.",
    placeholder: "dir",
  }),
  instance: option(matching(/^[a-z0-9-]{1,32}$/, "must be 1 to 32 of a-z, 0-9 and -").prefault("remora"), {
    description: "Name of this installation. Two instances on one host never touch each other's things.",
    placeholder: "name",
  }),
  node: option(matching(/^[^\s]{1,128}$/, "must be a name without spaces, of at most 128 characters").exactOptional(), {
    description: "Name of this host.",
    placeholder: "name",
    otherwise: "the name of the first start, which was the engine's own name of the host",
  }),
  advertise: option(textAs(advertised).exactOptional(), {
    description: "IP address at which sidecars are reached, or the word bridge for the address of Remora's own bridge.",
    placeholder: "ip",
    otherwise: "the address of the Consul agent, or of the default route",
  }),
  httpAddr: option(textAs(hostPort).prefault("127.0.0.1:4656"), {
    description:
      "Address for health, metrics and status. Everyone who reaches it may read, nobody may change anything.",
    placeholder: "host:port",
  }),
  httpAllowedHosts: option(textAs(nameList).prefault(""), {
    description:
      "Host names, separated by commas, under which HTTP requests are answered besides IP addresses and localhost.",
    placeholder: "names",
    otherwise: "none",
  }),
  proxy: option(oneOf("envoy", "consul").prefault("envoy"), {
    description:
      "Sidecar proxy: Envoy, or Consul's built-in one for development and where no Envoy is to be had. What runs with Consul's keeps it until its job changes.",
    placeholder: "kind",
  }),
  envoyImage: option(image.prefault("envoyproxy/envoy:v${NOMAD_envoy_version}"), {
    description: "Image of Envoy; ${NOMAD_envoy_version} is the version that the Consul agent prefers.",
    placeholder: "image",
  }),
  envoyLogLevel: option(oneOf("info", "warning", "error", "critical", "off").prefault("info"), {
    description: "Least level that Envoy logs. Below info it would log its token.",
    placeholder: "level",
  }),
  envoyConcurrency: option(wholeNumber(1, 128).prefault(1), {
    description: "Worker threads of each Envoy.",
    placeholder: "count",
  }),
  infraImage: option(image.prefault("busybox:stable"), {
    description:
      "Image of the container that holds a group's network namespace; it needs sh, sleep, chmod and grep, and nc and cat for the self-test.",
    placeholder: "image",
  }),
  consulImage: option(image.exactOptional(), {
    description: "Image with the consul binary, for Consul's built-in proxy.",
    placeholder: "image",
    otherwise: "hashicorp/consul in the version of the agent; Docker's own consul for versions before 1.16",
  }),
  image: option(image.exactOptional(), {
    description: "Remora's own image, for the relay through which sidecars reach Consul.",
    placeholder: "image",
    otherwise: "the image this agent runs from",
  }),
  portRange: option(textAs(portRange).prefault("20000-32000"), {
    description: "Host ports that may be given to groups that ask for any.",
    placeholder: "from-to",
  }),
  pruneDelay: option(textAs(durationBetween("0s", "24h")).prefault("2s"), {
    description: "How long a job's file must be gone before the job is stopped.",
    placeholder: "duration",
  }),
  deadMan: option(textAs(durationBetween("1m", "8760h")).prefault("1h"), {
    description: "How long after a sidecar died unattended Consul itself forgets its service.",
    placeholder: "duration",
  }),
  resync: option(textAs(durationBetween("1s", "1h")).prefault("10s"), {
    description: "How often everything is looked at even when nothing seems to have changed.",
    placeholder: "duration",
  }),
  workers: option(wholeNumber(1, 64).prefault(4), {
    description: "How many groups are worked on at once.",
    placeholder: "count",
  }),
  intentions: option(oneOf("none", "upstreams").prefault("none"), {
    description:
      "With upstreams, each service may reach those that its job names as upstreams, unless an intention of somebody else decides it; with none, intentions are left alone.",
    placeholder: "kind",
  }),
  consulForGroups: option(textAs(consulForGroups).exactOptional(), {
    description: "Address at which groups reach Consul's HTTP API directly, instead of through the relay.",
    placeholder: "address",
    otherwise: "the relay",
  }),
  logLevel: option(oneOf("trace", "debug", "info", "warn", "error").prefault("info"), {
    description: "Least level that is logged.",
    placeholder: "level",
  }),
  logFormat: option(oneOf("auto", "pretty", "json").prefault("auto"), {
    description: "Format of the log; auto is pretty on a terminal and JSON otherwise.",
    placeholder: "format",
  }),
  consulAddress: option(textAs(consulAddress).prefault("127.0.0.1:8500"), {
    description:
      "Consul agent of this host: host:port, a URL, or unix:///path. CONSUL_HTTP_SSL=true means https. With https or a path, the proxy consul needs consul-for-groups too.",
    placeholder: "address",
    env: ["CONSUL_HTTP_ADDR"],
  }),
  consulToken: option(
    textAs((text) => (text === "" ? new Problem("must not be empty") : new Secret(text))).exactOptional(),
    {
      description: "Remora's own Consul token. It is no flag because everyone may read a process' arguments.",
      placeholder: "token",
      env: ["CONSUL_HTTP_TOKEN"],
      flag: false,
    },
  ),
  consulTokenFile: option(path.exactOptional(), {
    description:
      "File with Remora's own Consul token, read again when it changes; it goes before a token given outright.",
    placeholder: "file",
    env: ["CONSUL_HTTP_TOKEN_FILE"],
  }),
  consulCaFile: option(path.exactOptional(), {
    description: "PEM file with the certificate authority of Consul's HTTPS API.",
    placeholder: "file",
    env: ["CONSUL_CACERT"],
  }),
  consulCertFile: option(path.exactOptional(), {
    description: "PEM file with the client certificate for Consul's HTTPS API.",
    placeholder: "file",
    env: ["CONSUL_CLIENT_CERT"],
  }),
  consulKeyFile: option(path.exactOptional(), {
    description: "PEM file with the key of that certificate.",
    placeholder: "file",
    env: ["CONSUL_CLIENT_KEY"],
  }),
  consulGrpcAddress: option(textAs(grpcAddress).exactOptional(), {
    description: "Address of the Consul agent's gRPC port (xDS), from which Envoy is configured.",
    placeholder: "host:port",
    env: ["CONSUL_GRPC_ADDR"],
    otherwise: "the host of consul-address and the port that the agent names",
  }),
  consulGrpcCaFile: option(path.exactOptional(), {
    description: "PEM file with the certificate authority of Consul's gRPC port; given, xDS is spoken over TLS.",
    placeholder: "file",
    env: ["CONSUL_GRPC_CACERT"],
  }),
  dockerHost: option(textAs(dockerHost).exactOptional(), {
    description: "Address of the Docker engine.",
    placeholder: "address",
    env: ["DOCKER_HOST"],
    otherwise: "unix:///var/run/docker.sock",
  }),
});

export type Options = z.output<typeof optionsSchema>;
export type OptionKey = keyof Options;

export const OPTION_KEYS = Object.keys(optionsSchema.shape) as readonly OptionKey[];

/** One option as people meet it: the same name as flag, in the file and in the environment. */
export interface OptionFacts extends OptionMeta {
  readonly key: OptionKey;
  /** In the file, and after `--`: `state-dir`. */
  readonly name: string;
  /** All variables that give it, the first of them before the others. */
  readonly variables: readonly string[];
  /** As one would write it. */
  readonly default?: string;
}

/** In the order of the schema. */
export const OPTIONS: readonly OptionFacts[] = describeOptions();

function describeOptions(): readonly OptionFacts[] {
  const { properties = {} } = z.toJSONSchema(optionsSchema, { io: "input", unrepresentable: "any" });
  return OPTION_KEYS.map((key) => {
    const meta = optionsSchema.shape[key].meta() as unknown as OptionMeta;
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const variables = [`REMORA_${name.toUpperCase().replaceAll("-", "_")}`, ...(meta.env ?? [])];
    const property = properties[key];
    const given = typeof property === "object" && "default" in property ? String(property.default) : "";
    return { ...meta, key, name, variables, ...(given === "" ? {} : { default: given }) };
  });
}
