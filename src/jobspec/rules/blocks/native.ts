/** The rules for services that name a task: those that speak Connect themselves (Nomad's). */
import { didYouMean } from "../../suggest.ts";
import type { Part } from "./part.ts";

export function judgeNative(group: Part, service: Part): void {
  if (!service.isSure("task") || !group.isSure()) return;
  const names = group.all("task").map(({ label }) => label);
  const task = service.text("task");
  // With one task, and a network block, Nomad fills its name in.
  if (task === "" && names.length === 1 && group.one("network") !== undefined) return;
  if (task === "") {
    const detail = "Write task = NAME in the service";
    return service.refuse("connect", "A service that is native to Connect needs its task", detail);
  }
  judgeTaskName(service, task, names);
}

export function judgeTaskName(part: Part, task: string, names: readonly string[]): void {
  if (names.includes(task)) return;
  const known = `Tasks of this group: ${names.map((name) => `"${name}"`).join(", ")}`;
  part.refuse("task", `The group has no task "${task}"`, didYouMean(task, names) ?? known);
}
