/** The commands every fake container can run. */
import { heardBy, hostsFile } from "./calls.ts";
import type { FakeContainer, Run } from "./container.ts";
import { readFile } from "./life.ts";
import { procNetTcp } from "./namespace.ts";
import type { CommandResult } from "./program.ts";
import { fullReference } from "./world.ts";
import type { World } from "./world.ts";

/** Docker's answer for a program that is not there. */
const NO_SUCH_PROGRAM: CommandResult = { exitCode: 127, stdout: "" };

/** The image's own answer goes first. */
export function runCommand(world: World, container: FakeContainer, run: Run, argv: readonly string[]): CommandResult {
  const own = world.images.get(fullReference(container.spec.image))?.command?.(run.process, argv);
  if (own !== undefined) return own;
  const heard = heardBy(world, container, run, argv);
  if (heard !== undefined) return { exitCode: heard === "" ? 1 : 0, stdout: heard };
  const [name = "", ...args] = argv;
  switch (name) {
    case "cat":
      return cat(world, container, run, args);
    case "grep":
      return grep(world, container, run, args);
    case "echo":
      return { exitCode: 0, stdout: `${args.join(" ")}\n` };
    case "true":
      return { exitCode: 0, stdout: "" };
    case "false":
      return { exitCode: 1, stdout: "" };
    default:
      return NO_SUCH_PROGRAM;
  }
}

/** Files that are there are printed even if another is not. */
function cat(world: World, container: FakeContainer, run: Run, paths: readonly string[]): CommandResult {
  const texts = paths.map((path) => kernelFile(container, run, path) ?? readFile(world, container, path));
  return { exitCode: texts.includes(undefined) ? 1 : 0, stdout: texts.join("") };
}

/** `grep -h TEXT FILE…`: the lines that hold the text; 1 = there are none, 2 = a file is missing. */
function grep(world: World, container: FakeContainer, run: Run, args: readonly string[]): CommandResult {
  const [text = "", ...paths] = args.filter((arg) => arg !== "-h");
  const texts = paths.map((path) => kernelFile(container, run, path) ?? readFile(world, container, path));
  const lines = texts.flatMap((file) => (file ?? "").split("\n")).filter((line) => line.includes(text));
  const exitCode = texts.includes(undefined) ? 2 : lines.length === 0 ? 1 : 0;
  return { exitCode, stdout: lines.map((line) => `${line}\n`).join("") };
}

function kernelFile(container: FakeContainer, run: Run, path: string): string | undefined {
  if (path === "/etc/hosts") return hostsFile(container);
  if (path === "/proc/net/tcp") return procNetTcp(run.namespace.listeners, 4);
  if (path === "/proc/net/tcp6") return procNetTcp(run.namespace.listeners, 6);
  return undefined;
}
