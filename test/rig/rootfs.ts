/** The small parts that our own images are put together from. */
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { busybox } from "./busybox.ts";
import { root } from "./paths.ts";
import { programEntries } from "./recipe.ts";
import type { Entry } from "./recipe.ts";
import { run } from "./shell.ts";

export const path = "/usr/local/bin:/usr/bin:/bin";

/** Users, name look-up, a /tmp for everyone. */
export const system: readonly Entry[] = [
  {
    path: "rootfs/etc/passwd",
    text: "root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/tmp:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n",
  },
  { path: "rootfs/etc/group", text: "root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n" },
  { path: "rootfs/etc/nsswitch.conf", text: "hosts: files dns\n" },
  { path: "rootfs/root", directory: true, mode: 0o700 },
  { path: "rootfs/tmp", directory: true, mode: 0o1777 },
  { path: "rootfs/usr/bin/env", linkTo: "/bin/busybox" },
];

/** A shell and the usual small programs. */
export async function shellEntries(): Promise<readonly Entry[]> {
  const program = await busybox();
  const applets = (await run(program, ["--list"])).trim().split("\n");
  const links = applets.filter((applet) => applet !== "busybox");
  return [
    { path: "rootfs/bin/busybox", copyOf: program, mode: 0o755 },
    ...links.map((applet) => ({ path: `rootfs/bin/${applet}`, linkTo: "busybox" })),
  ];
}

/** The Node that the tests run on, with its libraries and the machine's certificates. */
export async function nodeEntries(): Promise<readonly Entry[]> {
  const program = await realpath(join(root, "node_modules/.bin/node"));
  const certificates = "/etc/ssl/certs/ca-certificates.crt";
  const known = existsSync(certificates) ? [{ path: `rootfs${certificates}`, copyOf: certificates }] : [];
  return [...(await programEntries(program, "/usr/local/bin/node")), ...known];
}
