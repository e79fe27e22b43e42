/** A static busybox: the machine's, else the one of Debian. */
import { join } from "node:path";
import { unpacked } from "./debian.ts";
import { run } from "./shell.ts";

/** Its path; static, so that it runs in an image with nothing else in it. */
export async function busybox(): Promise<string> {
  const machines = "/bin/busybox";
  const isStatic = await run("ldd", [machines]).then(
    () => false,
    (error: Error) => error.message.includes("not a dynamic executable"),
  );
  return isStatic ? machines : join(await unpacked("busybox-static"), "bin/busybox");
}
