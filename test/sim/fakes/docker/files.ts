/** Files in fake containers: in the volume that is mounted there, else in the container itself. */
import type { VolumeMount, VolumeSpec } from "../../../../src/model/container.ts";
import type { Millis } from "../../../../src/model/job.ts";

export interface FakeFile {
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
}

export type FileTree = Map<string, FakeFile>;

export interface FakeVolume {
  readonly spec: VolumeSpec;
  readonly createdAt: Millis;
  readonly files: FileTree;
}

/** Where a path leads: the mount it lies under, if any, and the rest of it. */
export interface Place {
  readonly mount?: VolumeMount;
  /** Without slashes at its ends; "" is the top. */
  readonly rest: string;
}

export function placeOf(mounts: readonly VolumeMount[], path: string): Place {
  const parts = partsOf(path);
  const under = mounts.filter(({ target }) => partsOf(target).every((part, i) => part === parts[i]));
  const mount = under.sort((a, b) => partsOf(b.target).length - partsOf(a.target).length)[0];
  if (mount === undefined) return { rest: parts.join("/") };
  return { mount, rest: parts.slice(partsOf(mount.target).length).join("/") };
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}
