/** The metrics: events as Prometheus series, in a registry of their own. */
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Observer } from "../ports/observer.ts";
import type { Clock } from "../ports/time.ts";
import { callMetrics } from "./metrics/calls.ts";
import { fileMetrics } from "./metrics/files.ts";
import { groupMetrics } from "./metrics/groups.ts";
import { queueMetrics } from "./metrics/queue.ts";
import { reconcileMetrics } from "./metrics/reconcile.ts";
import { sourceMetrics } from "./metrics/sources.ts";

export interface Metrics {
  readonly observer: Observer;
  /** Everything in Prometheus' text format. */
  readonly text: () => Promise<string>;
  /** The content type of that text. */
  readonly contentType: string;
}

export interface MetricsOptions {
  readonly clock: Pick<Clock, "now">;
  /** Also Node's own metrics: memory, CPU, event loop. */
  readonly runtime: boolean;
}

export function createMetrics({ clock, runtime }: MetricsOptions): Metrics {
  const registry = new Registry();
  if (runtime) collectDefaultMetrics({ register: registry });
  const observers = [
    buildInfo(registry),
    queueMetrics(registry, clock),
    reconcileMetrics(registry),
    groupMetrics(registry),
    callMetrics(registry),
    fileMetrics(registry),
    sourceMetrics(registry, clock),
  ];
  return {
    observer: (event) => {
      for (const observer of observers) observer(event);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function buildInfo(registry: Registry): Observer {
  const info = new Gauge({
    name: "remora_build_info",
    help: "Always 1; the labels say what runs.",
    labelNames: ["version", "node", "instance"],
    registers: [registry],
  });
  return (event) => {
    if (event.kind !== "started") return;
    const { version, node, instance } = event;
    info.reset();
    info.set({ version, node, instance }, 1);
  };
}
