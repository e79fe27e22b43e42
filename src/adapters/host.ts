/** The Host port on Linux: the routing table, the interfaces, and this process's own container. */
import { readFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Host } from "../ports/host.ts";
import { dockerClient, type DockerAddress } from "./docker/connection.ts";

export function linuxHost(docker: DockerAddress): Host {
  return {
    defaultAddress: () => defaultAddress(readFileSync("/proc/net/route", "utf8")),
    readText: (path) => readFile(path, "utf8"),
    ownImage: () => ownImage(docker),
  };
}

/** Columns of /proc/net/route: interface, destination, gateway, …; the default route's destination is all zeroes. */
function defaultAddress(routes: string): string | undefined {
  const row = routes.split("\n").find((line) => line.split("\t")[1] === "00000000");
  const name = row?.split("\t")[0];
  const addresses = name === undefined ? [] : (networkInterfaces()[name] ?? []);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

/** Docker mounts files like /etc/hostname from a directory that is named for the container. */
const CONTAINER = /\/containers\/([0-9a-f]{64})\//;

async function ownImage(docker: DockerAddress): Promise<string | undefined> {
  const id = CONTAINER.exec(await readFile("/proc/self/mountinfo", "utf8"))?.[1];
  if (id === undefined) return undefined;
  try {
    const { Config } = await dockerClient(docker).getContainer(id).inspect();
    return Config.Image;
  } catch {
    // Another engine's container: the default name will do, and a missing image is told of by its pull.
    return undefined;
  }
}
