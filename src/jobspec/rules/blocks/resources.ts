/** The rules for the resources of tasks and sidecars (Nomad's). */
import type { Part } from "./part.ts";

export function judgeResources(resources: Part): void {
  if (resources.number("cores") > 0 && resources.has("cpu") && resources.number("cpu") > 0) {
    resources.refuse("cores", "A task has either cpu or cores", "Take one of them out");
  }
  resources.notNegative("cores");
  const [memory, most] = [resources.number("memory"), resources.number("memory_max")];
  if (!resources.has("memory_max") || !resources.isSure("memory") || most === 0 || most >= memory) return;
  const detail = `memory is ${memory} MiB: write at least as much, or take memory_max out`;
  resources.refuse("memory_max", "memory_max cannot be less than memory", detail);
}
