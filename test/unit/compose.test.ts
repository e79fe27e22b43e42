/** examples/compose.yaml: that Remora takes what it is given there, and that it is given no more than it needs. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isJobFileName } from "../../src/adapters/files/names.ts";
import { run } from "./cli/run.ts";

interface Service {
  readonly image: string;
  readonly command: string;
  readonly network_mode: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

interface Compose {
  readonly services: { readonly consul: Service; readonly remora: Service };
  readonly volumes: object;
}

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const { services, volumes } = parse(readFileSync(`${examples}compose.yaml`, "utf8")) as Compose;
const { consul, remora } = services;

/** With the defaults that stand in the file: `${NAME:-default}`. */
const defaulted = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1");

const mounts = (remora.volumes ?? []).map((volume) => {
  const [source = "", target = "", mode = "rw"] = defaulted(volume).split(":");
  return { source, target, mode };
});

describe("Remora in examples/compose.yaml", () => {
  test("takes its command and environment, and finds all it needs in mounts", async () => {
    const { agents, stderr } = await run(remora.command.split(" "), { env: remora.environment ?? {} });
    expect(stderr).toBe("");
    expect(agents[0]).toMatchObject({ consul: { address: "http://127.0.0.1:8500" }, advertise: "bridge" });
    const targets = mounts.map(({ target }) => target);
    expect(targets).toEqual(["/engine", agents[0]?.jobs, agents[0]?.stateDir]);
    expect(agents[0]?.dockerHost).toBe(`unix://${targets[0]}/docker.sock`);
  });

  test("is of this version", () => {
    const { version } = JSON.parse(readFileSync(`${examples}../package.json`, "utf8")) as { readonly version: string };
    expect(defaulted(remora.image)).toBe(`remora:${version}`);
  });

  test("watches a directory that holds the example and not the compose file", () => {
    const jobs = mounts.find(({ target }) => target === "/etc/remora/jobs");
    expect(jobs).toEqual({ source: "./countdash", target: "/etc/remora/jobs", mode: "ro" });
    expect(existsSync(`${examples}countdash/countdash.nomad.hcl`)).toBe(true);
    expect(isJobFileName("compose.yaml")).toBe(true);
    expect(existsSync(`${examples}countdash/compose.yaml`)).toBe(false);
  });

  test("keeps its state in a named volume", () => {
    expect(mounts.at(-1)).toEqual({ source: "state", target: "/var/lib/remora", mode: "rw" });
    expect(Object.keys(volumes)).toEqual(["state"]);
  });

  test("has no capabilities, gains none, and cannot write its image", () => {
    expect(remora).toMatchObject({ read_only: true, cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] });
  });
});

test("Consul and Remora use the host's network, and Consul is told to serve loopback alone", () => {
  expect([consul.network_mode, remora.network_mode]).toEqual(["host", "host"]);
  expect(consul.command).toContain("-client=127.0.0.1");
});
