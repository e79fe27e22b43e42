/** Metrics of what is watched, and of the conditions that should hold. */
import { Counter, Gauge } from "prom-client";
import type { Registry } from "prom-client";
import type { Millis } from "../../model/job.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Clock } from "../../ports/time.ts";

export function sourceMetrics(registry: Registry, clock: Pick<Clock, "now">): Observer {
  const observers = [listings(registry, clock), watches(registry), conditions(registry)];
  return (event) => {
    for (const observer of observers) observer(event);
  };
}

function listings(registry: Registry, clock: Pick<Clock, "now">): Observer {
  const registers = [registry];
  const total = new Counter({
    name: "remora_source_list_total",
    help: "Readings of a source by outcome.",
    labelNames: ["source", "outcome"],
    registers,
  });
  const objects = new Gauge({
    name: "remora_source_objects",
    help: "Objects in the newest reading.",
    labelNames: ["source"],
    registers,
  });
  const readAt = new Map<string, Millis>();
  const age = new Gauge({
    name: "remora_source_age_seconds",
    help: "Time since a source was last read with success.",
    labelNames: ["source"],
    registers: [],
    collect() {
      for (const [source, at] of readAt) this.set({ source }, Math.max(0, clock.now() - at) / 1000);
    },
  });
  registry.registerMetric(age);
  return (event) => {
    if (event.kind !== "listed" && event.kind !== "list-failed") return;
    const { source } = event;
    total.inc({ source, outcome: "ok" }, event.kind === "listed" ? 1 : 0);
    total.inc({ source, outcome: "error" }, event.kind === "listed" ? 0 : 1);
    if (event.kind !== "listed") return;
    readAt.set(source, clock.now());
    objects.set({ source }, event.count);
  };
}

function watches(registry: Registry): Observer {
  const broken = new Counter({
    name: "remora_source_watch_broken_total",
    help: "How often the watch of a source broke; readings go on without it.",
    labelNames: ["source"],
    registers: [registry],
  });
  return (event) => {
    if (event.kind === "listed") broken.inc({ source: event.source }, 0);
    if (event.kind === "watch-broken") broken.inc({ source: event.source });
  };
}

function conditions(registry: Registry): Observer {
  const holds = new Gauge({
    name: "remora_condition",
    help: "1 if the condition holds, 0 if not; the status says why.",
    labelNames: ["name"],
    registers: [registry],
  });
  return (event) => {
    if (event.kind === "condition") holds.set({ name: event.name }, event.ok ? 1 : 0);
  };
}
