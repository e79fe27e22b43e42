/** The consul program: the machine's, else the one of Debian 11. */
import { join } from "node:path";
import { unpacked } from "./debian.ts";
import { exists, run } from "./shell.ts";

export interface ConsulBinary {
  readonly path: string;
  /** As in `1.8.7`. */
  readonly version: string;
}

/** Looks at CONSUL_BIN and PATH first, then fetches Debian's package. */
export async function consulBinary(): Promise<ConsulBinary> {
  const path = await findConsul();
  const said = await run(path, ["version"]);
  const version = /v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined) throw new Error(`${path} version told no version, it said: ${said}`);
  return { path, version };
}

async function findConsul(): Promise<string> {
  const named = process.env["CONSUL_BIN"];
  if (named !== undefined && named !== "") return named;
  if (await exists("consul")) return (await run("/bin/sh", ["-c", "command -v consul"])).trim();
  return join(await unpacked("consul"), "usr/bin/consul");
}
