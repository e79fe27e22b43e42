/** The configuration: where options come from, which one wins, and what is said about a wrong one. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig, loadOptions } from "../../../src/cli/config.ts";
import type { AgentConfig } from "../../../src/cli/config.ts";
import { OPTIONS } from "../../../src/cli/schema.ts";
import { Secret } from "../../../src/model/secret.ts";

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-config-"));
  file = join(directory, "remora.yaml");
});

afterEach(() => rm(directory, { recursive: true, force: true }));

type Flags = Readonly<Record<string, unknown>>;
type Env = Readonly<Record<string, string>>;

function load(flags: Flags = {}, env: Env = {}): Promise<AgentConfig> {
  return loadConfig({ flags, env });
}

async function loadFile(text: string, flags: Flags = {}, env: Env = {}): Promise<AgentConfig> {
  await writeFile(file, text);
  return load({ config: file, ...flags }, env);
}

async function problemOf(loading: Promise<unknown>): Promise<string> {
  try {
    await loading;
  } catch (error) {
    return (error as Error).message.replaceAll(file, "remora.yaml");
  }
  return expect.unreachable("it was accepted");
}

describe("defaults", () => {
  test("are those of the manual when nothing is given", async () => {
    expect(await load()).toEqual({
      jobs: "/etc/remora/jobs",
      stateDir: "/var/lib/remora",
      instance: "remora",
      httpAddr: { host: "127.0.0.1", port: 4656 },
      httpAllowedHosts: [],
      proxy: "envoy",
      envoyImage: "envoyproxy/envoy:v${NOMAD_envoy_version}",
      envoyLogLevel: "info",
      envoyConcurrency: 1,
      infraImage: "busybox:stable",
      intentions: "none",
      portRange: { from: 20_000, to: 32_000 },
      pruneDelay: 2_000,
      deadMan: 3_600_000,
      resync: 10_000,
      workers: 4,
      logLevel: "info",
      logFormat: "auto",
      consul: { address: "http://127.0.0.1:8500", tls: {} },
    });
  });

  test("every option is described, has its own flag and variable, and none that Kubernetes would set for a service", () => {
    for (const { description, placeholder, name } of OPTIONS) {
      expect(description, name).toMatch(/^[A-Z].*\.$/);
      expect(placeholder, name).not.toBe("");
    }
    const variables = OPTIONS.flatMap((option) => option.variables);
    expect(new Set(variables).size).toBe(variables.length);
    const injected = /^REMORA_(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_\d.*)$/;
    expect(variables.filter((variable) => injected.test(variable))).toEqual([]);
  });
});

describe("precedence", () => {
  const inFile = "resync: 1s\nworkers: 1\nnode: from-file\n";
  const env = { REMORA_RESYNC: "2s", REMORA_WORKERS: "2" };

  test("flags before environment before file before defaults", async () => {
    const config = await loadFile(inFile, { resync: "3s" }, env);
    expect([config.resync, config.workers, config.node, config.instance]).toEqual([3_000, 2, "from-file", "remora"]);
  });

  test("REMORA_* goes before Consul's and Docker's own variables, and those before the file", async () => {
    const others = { CONSUL_HTTP_ADDR: "c:1", DOCKER_HOST: "tcp://d:1" };
    const text = "consul-address: f:1\ndocker-host: tcp://f:1\n";
    expect(await loadFile(text, {}, { ...others, REMORA_CONSUL_ADDRESS: "r:1" })).toMatchObject({
      consul: { address: "http://r:1" },
      dockerHost: "tcp://d:1",
    });
  });

  test("an empty variable counts as unset, and so does an empty value in the file", async () => {
    const config = await loadFile("node:\nresync: 7s\n", {}, { REMORA_RESYNC: "", CONSUL_HTTP_ADDR: "" });
    expect(config).toMatchObject({ resync: 7_000, consul: { address: "http://127.0.0.1:8500" } });
    expect(config.node).toBeUndefined();
  });

  test("REMORA_CONFIG names the file, a flag another", async () => {
    await writeFile(file, "instance: by-env\n");
    expect((await load({}, { REMORA_CONFIG: file })).instance).toBe("by-env");
    const other = join(directory, "other.yaml");
    await writeFile(other, "instance: by-flag\n");
    expect((await load({ config: other }, { REMORA_CONFIG: file })).instance).toBe("by-flag");
  });

  test("an empty file gives nothing", async () => {
    expect(await loadFile("# nothing yet\n")).toEqual(await load());
  });
});

describe("Consul's and Docker's variables", () => {
  test("are honoured", async () => {
    const env = {
      CONSUL_HTTP_ADDR: "https://consul.example:8501/",
      CONSUL_HTTP_TOKEN_FILE: "/run/token",
      CONSUL_CACERT: "/ca.pem",
      CONSUL_CLIENT_CERT: "/cert.pem",
      CONSUL_CLIENT_KEY: "/key.pem",
      DOCKER_HOST: "unix:///run/docker.sock",
    };
    expect(await load({}, env)).toMatchObject({
      consul: {
        address: "https://consul.example:8501",
        token: { file: "/run/token" },
        tls: { ca: "/ca.pem", cert: "/cert.pem", key: "/key.pem" },
      },
      dockerHost: "unix:///run/docker.sock",
    });
  });

  test.each([
    ["10.0.0.1:8500", {}, "http://10.0.0.1:8500"],
    ["10.0.0.1:8501", { CONSUL_HTTP_SSL: "true" }, "https://10.0.0.1:8501"],
    ["10.0.0.1:8501", { CONSUL_HTTP_SSL: "1" }, "https://10.0.0.1:8501"],
    ["10.0.0.1:8501", { CONSUL_HTTP_SSL: "false" }, "http://10.0.0.1:8501"],
    ["http://10.0.0.1:8500", { CONSUL_HTTP_SSL: "true" }, "http://10.0.0.1:8500"],
    ["[::1]:8500", {}, "http://[::1]:8500"],
    ["unix:///run/consul.sock", {}, "unix:///run/consul.sock"],
  ])("the address %s with %j is %s", async (address, more, expected) => {
    expect((await load({}, { CONSUL_HTTP_ADDR: address, ...more })).consul.address).toBe(expected);
  });

  test("CONSUL_HTTP_SSL also means the default address", async () => {
    expect((await load({}, { CONSUL_HTTP_SSL: "TRUE" })).consul.address).toBe("https://127.0.0.1:8500");
  });
});

describe("the token", () => {
  const token = "5ecre7-token-5ecre7";

  test("is a secret from the moment it is read, and nothing prints it", async () => {
    for (const config of [await load({}, { CONSUL_HTTP_TOKEN: token }), await loadFile(`consul-token: ${token}\n`)]) {
      expect(config.consul.token).toBeInstanceOf(Secret);
      expect((config.consul.token as Secret).reveal()).toBe(token);
      expect(JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true })).not.toContain("5ecre7");
    }
  });

  test("in a file goes before one given outright, as in Consul's own tools", async () => {
    const config = await load({ consulTokenFile: "/f" }, { CONSUL_HTTP_TOKEN: token });
    expect(config.consul.token).toEqual({ file: "/f" });
  });

  test("is no flag", async () => {
    expect(OPTIONS.find(({ key }) => key === "consulToken")?.flag).toBe(false);
    expect((await load({ consulToken: token })).consul.token).toBeUndefined();
  });

  test("is not in what is said about a file that cannot be parsed, or an address that holds one", async () => {
    const broken = [
      `consul-token: *${token}\n`,
      `consul-token: "${token}\nnode: x\n`,
      `consul-token: !${token} x\n  y: z\n`,
      `consul-token: {${token}\n`,
      `consul-token: [${token}]\n`,
      `consul-token: @${token}\n`,
      `consul-token: |${token}\n`,
      `consul-token: ${token}\n  deeper: 1\n`,
      `consul-token: %${token}\n\t- x`,
    ];
    for (const text of broken) {
      const said = await loadFile(text).then(inspect, (error: Error) => error.message);
      expect(said, text).not.toContain("5ecre7");
    }
    const addresses = [
      load({ consulAddress: `http://user:${token}@consul:8500` }),
      load({ dockerHost: `ssh://root:${token}@host` }),
      load({ consulForGroups: `http://u:${token}@c:1/path` }),
    ];
    for (const loading of addresses) expect(await problemOf(loading)).not.toContain("5ecre7");
  });
});

describe("what is wrong", () => {
  test("is told for every option at once, each with the place it was given", async () => {
    const text = "workers: many\ninstance: Big\nresync: 10\n";
    const said = await problemOf(loadFile(text, { proxy: "nginx" }, { REMORA_PRUNE_DELAY: "2" }));
    expect(said.split("\n")).toEqual([
      "remora.yaml:2:11: instance: must be 1 to 32 of a-z, 0-9 and -",
      "--proxy: must be one of envoy, consul",
      'REMORA_PRUNE_DELAY: "2" is not a duration: write it like 500ms, 10s or 1h30m',
      "remora.yaml:3:9: resync: must be text, in quotes if it looks like a number",
      "remora.yaml:1:10: workers: must be a whole number from 1 to 64",
    ]);
  });

  test("an unknown key is refused with its place and what was probably meant", async () => {
    expect(await problemOf(loadFile("jobs: /j\nstat-dir: /s\nconsul:\n  address: x\n"))).toBe(
      [
        'remora.yaml:2:1: there is no option "stat-dir". Did you mean "state-dir"?',
        'remora.yaml:3:1: there is no option "consul". remora agent --help lists the options',
      ].join("\n"),
    );
  });

  test.each([
    ["jobs: /a\njobs: /b\n", "remora.yaml:2:1: Map keys must be unique"],
    ["- jobs\n", 'remora.yaml:1:1: must be a map of options, such as "jobs: /etc/remora/jobs"'],
    ["jobs:\n  - /a\n", "remora.yaml:1:1: jobs: must be text, in quotes if it looks like a number"],
    ["jobs: [\n", "remora.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]"],
  ])("the file %j is refused where it is wrong", async (text, expected) => {
    expect(await problemOf(loadFile(text))).toBe(expected);
  });

  test("a config file that is not there is an error, not an empty one", async () => {
    expect(await problemOf(load({ config: file }))).toMatch(/^The config file cannot be read: ENOENT.*remora\.yaml/);
  });

  test.each([
    ["instance", ["", "UPPER", "a_b", "x".repeat(33)]],
    ["advertise", ["127.0.0.1", "::1", "0.0.0.0", "::", "example.org", "10.0.0"]],
    ["httpAddr", ["4656", "example.org:80", "1.2.3.4:99999", "1.2.3.4", "::1:80"]],
    ["portRange", ["20000", "2-1", "0-5", "1-70000", "a-b"]],
    ["deadMan", ["59s", "0s", "1", "-1h", "soon"]],
    ["resync", ["0s", "999ms", "2h"]],
    ["workers", ["0", "65", "1.5", "-1", "", " 4"]],
    ["consulAddress", ["", "ftp://x", "http://", "http://x/path", "unix://relative", "a b"]],
    ["consulForGroups", ["127.0.0.1:8500", "http://localhost:8500", "[::1]:8500", "unix:///x"]],
    ["dockerHost", ["ssh://host", "/var/run/docker.sock", "unix://x"]],
    ["image", ["", "two words"]],
    ["jobs", ["", "  "]],
    ["logLevel", ["loud"]],
  ])("--%s refuses nonsense", async (key, values) => {
    for (const value of values) {
      const said = await problemOf(load({ [key]: value }));
      expect(said, value).toMatch(/^--[a-z-]+: .{10,}/);
    }
  });

  test.each([
    ["advertise", "10.0.0.5", "10.0.0.5"],
    ["advertise", "bridge", "bridge"],
    ["advertise", "fd00::5", "fd00::5"],
    ["httpAddr", ":4656", { host: "0.0.0.0", port: 4656 }],
    ["httpAddr", "[::1]:0", { host: "::1", port: 0 }],
    ["portRange", "5-5", { from: 5, to: 5 }],
    ["deadMan", "1h30m", 5_400_000],
    ["pruneDelay", "0s", 0],
    ["workers", "64", 64],
    ["consulForGroups", "10.0.0.5:8500", "http://10.0.0.5:8500"],
    ["httpAllowedHosts", "A.example, b", ["a.example", "b"]],
  ])("--%s takes %s", async (key, value, expected) => {
    expect((await load({ [key]: value }))[key as keyof AgentConfig]).toEqual(expected);
  });

  test("options that a command does not use may be wrong", async () => {
    const env = { REMORA_WORKERS: "many", REMORA_STATE_DIR: "/s" };
    expect(await loadOptions(["stateDir"], { flags: {}, env })).toEqual({ stateDir: "/s" });
  });
});
