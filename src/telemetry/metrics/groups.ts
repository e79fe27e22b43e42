/** Metrics of what runs: allocations by state, service instances by phase. */
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { PHASES } from "../../model/status.ts";
import type { AllocStatus, GroupStatus } from "../../model/status.ts";
import type { Observer } from "../../ports/observer.ts";

const STATES = ["pending", "running", "degraded", "stopping", "failed"] as const satisfies AllocStatus["state"][];

export function groupMetrics(registry: Registry): Observer {
  const allocations = new Gauge({
    name: "remora_allocations",
    help: "Allocations of a group by state.",
    labelNames: ["job", "group", "state"],
    registers: [registry],
  });
  const phases = new Gauge({
    name: "remora_service_phase",
    help: "Instances of a service by phase.",
    labelNames: ["job", "group", "service", "phase"],
    registers: [registry],
  });
  const shown = new Map<string, GroupStatus>();

  const hide = ({ job, group, allocs }: GroupStatus): void => {
    for (const state of STATES) allocations.remove({ job, group, state });
    for (const service of servicesOf(allocs)) for (const phase of PHASES) phases.remove({ job, group, service, phase });
  };
  const show = ({ job, group, allocs }: GroupStatus): void => {
    for (const state of STATES)
      allocations.set({ job, group, state }, allocs.filter((alloc) => alloc.state === state).length);
    const services = allocs.flatMap((alloc) => alloc.services);
    for (const name of servicesOf(allocs))
      for (const phase of PHASES) {
        const count = services.filter((service) => service.name === name && service.phase === phase).length;
        phases.set({ job, group, service: name, phase }, count);
      }
  };

  return (event) => {
    if (event.kind !== "status") return;
    const before = shown.get(event.key);
    if (before !== undefined) hide(before);
    if (event.status === undefined) {
      shown.delete(event.key);
    } else {
      shown.set(event.key, event.status);
      show(event.status);
    }
  };
}

function servicesOf(allocs: readonly AllocStatus[]): ReadonlySet<string> {
  return new Set(allocs.flatMap((alloc) => alloc.services.map((service) => service.name)));
}
