/** Programs out of Debian packages that are unpacked, not installed; the machine's own apt set-up stays as it is. */
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { rigDir } from "./paths.ts";
import { say } from "./say.ts";
import { run } from "./shell.ts";

/** Debian 11, the last release that has Consul. */
const release = "bullseye";
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const home = join(rigDir, "debian");

/** The directory into which a package of Debian 11 is unpacked, fetched first when it is not there yet. */
export async function unpacked(name: string): Promise<string> {
  const directory = join(home, name);
  if (existsSync(directory)) return directory;
  say(`fetching the Debian package ${name}`);
  const packages = join(home, "packages");
  await mkdir(packages, { recursive: true });
  await updateLists();
  await run("apt-get", [...aptOptions(), "download", name], { cwd: packages });
  const file = (await readdir(packages)).find((entry) => entry.startsWith(`${name}_`));
  if (file === undefined) throw new Error(`apt-get download ${name} left no package in ${packages}`);
  await run("dpkg-deb", ["-x", join(packages, file), `${directory}.part`]);
  await rename(`${directory}.part`, directory);
  await rm(join(packages, file));
  return directory;
}

async function updateLists(): Promise<void> {
  const options = aptOptions();
  await mkdir(join(home, "lists/partial"), { recursive: true });
  await mkdir(join(home, "cache/archives/partial"), { recursive: true });
  const source = `deb [signed-by=${keyring}] ${await mirror()} ${release} main\n`;
  await writeFile(join(home, "sources.list"), source);
  await writeFile(join(home, "status"), "");
  await run("apt-get", [...options, "update", "-q"]);
}

/** With the machine's own `status`, apt would look for the installed version of a package, not for the listed one. */
function aptOptions(): readonly string[] {
  const settings = {
    "Dir::Etc::sourcelist": join(home, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": join(home, "lists"),
    "Dir::State::status": join(home, "status"),
    "Dir::Cache": join(home, "cache"),
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
}

/** Where this machine gets Debian from: the first address among its apt sources that ends in `/debian`. */
async function mirror(): Promise<string> {
  const etc = "/etc/apt";
  const parts = await readdir(join(etc, "sources.list.d")).catch(() => []);
  const files = [join(etc, "sources.list"), ...parts.map((part) => join(etc, "sources.list.d", part))];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => /^(deb\s|URIs:)/i.test(line));
  const found = lines.flatMap((line) => line.split(/\s+/)).find((word) => /^\w+:\/\/.*\/debian\/?$/.test(word));
  if (found === undefined) throw new Error("no Debian mirror among the apt sources of this machine: set CONSUL_BIN");
  return found;
}
