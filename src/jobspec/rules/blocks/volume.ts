/** The rules for a group's volumes and where its tasks mount them (Nomad's). */
import { didYouMean } from "../../suggest.ts";
import { duplicates } from "./part.ts";
import type { Part } from "./part.ts";

const CSI_ONLY = ["access_mode", "attachment_mode"] as const;

export function judgeVolumes(group: Part): void {
  const volumes = group.all("volume");
  duplicates(
    volumes,
    ({ label }) => label,
    (volume, label, first) =>
      volume.refuse(undefined, `There is another volume "${label}" in this group`, undefined, first),
  );
  for (const volume of volumes) judgeVolume(volume);
  for (const task of group.all("task")) {
    for (const mount of task.all("volume_mount")) judgeMount(mount, volumes);
  }
}

/** Nomad passes over a volume without type, as if it were not there. */
function judgeVolume(volume: Part): void {
  if (!volume.isSure("type") || volume.text("type") === "") return;
  if (volume.isSure("source") && volume.text("source") === "") {
    volume.refuse("source", "A volume needs a source", "Write source = NAME, the name of the host's volume");
  }
  const written = CSI_ONLY.find((name) => volume.text(name) !== "");
  const other = volume.bool("per_alloc") ? "per_alloc" : volume.one("mount_options") && "mount_options";
  const wrong = written ?? other;
  if (wrong !== undefined) volume.refuse(wrong, `A volume of the host has no ${wrong}`, `Take ${wrong} out`);
}

function judgeMount(mount: Part, volumes: readonly Part[]): void {
  if (mount.isSure("volume")) judgeName(mount, volumes);
  if (!mount.isSure("destination") || mount.text("destination") !== "") return;
  mount.refuse("destination", "A volume_mount block needs destination", "It is a path inside the container");
}

function judgeName(mount: Part, volumes: readonly Part[]): void {
  const name = mount.text("volume");
  if (name === "") {
    return mount.refuse("volume", "A volume_mount block needs volume", "It is the label of a volume of the group");
  }
  const named = volumes.find(({ label }) => label === name);
  if (named === undefined) return refuseName(mount, name, volumes);
  if (!named.isSure("type") || named.text("type") !== "") return;
  mount.refuse(
    "volume",
    `The volume "${name}" has no type, so it cannot be mounted`,
    'Write type = "host" in it',
    named,
  );
}

function refuseName(mount: Part, name: string, volumes: readonly Part[]): void {
  const names = volumes.map(({ label }) => label);
  const known = names.map((each) => `"${each}"`).join(", ");
  const none = `Write volume "${name}" { … } in the group`;
  const detail = didYouMean(name, names) ?? (known === "" ? none : `Volumes of this group: ${known}`);
  mount.refuse("volume", `The group has no volume "${name}"`, detail);
}
