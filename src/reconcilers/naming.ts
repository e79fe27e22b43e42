/** Names and directories of what belongs to an allocation; all follow from its id. */
import type { VolumeMount, VolumeSpec } from "../model/container.ts";
import { allocLabels } from "../model/labels.ts";
import { sidecarId } from "../model/registration.ts";
import type { Service } from "../model/job.ts";
import { sidecarUid as uidOf } from "../model/sidecar.ts";
import type { AllocView } from "./view.ts";

type Named = Pick<AllocView, "ref" | "settings">;

/** Who may read a sidecar's secrets. */
export function sidecarUid(service: Service): number {
  return uidOf(service.connect?.sidecarTask ?? {});
}

export function infraName(alloc: string): string {
  return `remora-infra-${alloc}`;
}

/** Docker allows fewer characters in names than Nomad in task names. */
export function memberName(task: string, alloc: string): string {
  return `${task.replaceAll(/[^a-zA-Z0-9_.-]/g, "_")}-${alloc}`;
}

/** Nomad's form of a service id under our own prefix: Nomad clients delete unknown `_nomad-task-` ids. */
export function serviceId(alloc: string, group: string, service: Service): string {
  return `_remora-${alloc}-${service.task ?? `group-${group}`}-${service.name}-${service.port}`;
}

/** Both ids a service occupies in Consul. */
export function serviceIds(alloc: string, group: string, service: Service): readonly string[] {
  const id = serviceId(alloc, group, service);
  return service.connect === undefined ? [id] : [id, sidecarId(id)];
}

/** `/alloc`: shared by all tasks of the group. */
export function allocVolume({ ref, settings }: Named): VolumeSpec {
  return { name: `remora-${ref.alloc}-alloc`, labels: allocLabels(settings.instance, ref) };
}

/** `/local` of a task. */
export function localVolume({ ref, settings }: Named, task: string): VolumeSpec {
  return { name: memberName(`remora-${ref.alloc}-local`, task), labels: allocLabels(settings.instance, ref) };
}

/** `/secrets` of a task or sidecar: memory only, private to its user (a task's user is the image's, so any may enter). */
export function secretsVolume({ ref, settings }: Named, task: string, uid?: number): VolumeSpec {
  const access = uid === undefined ? { mode: "0777", uid: 0 } : { mode: "0700", uid };
  return {
    name: memberName(`remora-${ref.alloc}-secrets`, task),
    labels: allocLabels(settings.instance, ref),
    tmpfs: { sizeMb: 1, ...access },
  };
}

/** Where a task's volumes are mounted inside the infra container, which is where files are put. */
export function infraDirectory(task: string, part: "local" | "secrets"): string {
  return `/tasks/${memberName(part, task)}`;
}

export function mount(volume: VolumeSpec, target: string, readOnly = false): VolumeMount {
  return { volume, target, readOnly };
}
