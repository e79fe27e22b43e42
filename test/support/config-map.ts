/** A mounted config map as the kubelet keeps it: links through `..data` to a directory for each version. */
import { mkdir, readdir, readlink, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Brings a mount to these files in the order of Kubernetes' AtomicWriter: the new version, the swap of `..data`, links for
 * new keys, and only then the removal of links that lead nowhere any more, and of the old version.
 */
export async function updateConfigMap(mount: string, files: Readonly<Record<string, string>>): Promise<void> {
  const version = `..${crypto.randomUUID()}`;
  const names = Object.keys(files);
  const there = await readdir(mount);
  const old = there.includes("..data") ? await readlink(join(mount, "..data")) : undefined;
  await mkdir(join(mount, version));
  for (const name of names) await writeFile(join(mount, version, name), files[name] ?? "");
  await symlink(version, join(mount, "..data_tmp"));
  await rename(join(mount, "..data_tmp"), join(mount, "..data"));
  for (const name of names) if (!there.includes(name)) await symlink(`..data/${name}`, join(mount, name));
  const stale = there.filter((name) => !name.startsWith("..") && !names.includes(name));
  for (const name of stale) await unlink(join(mount, name));
  if (old !== undefined) await rm(join(mount, old), { recursive: true });
}
