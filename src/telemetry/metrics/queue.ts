/** The work queue's metrics, under the names and buckets that Kubernetes' client-go gives them. */
import { Counter, exponentialBuckets, Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";
import type { Millis } from "../../model/job.ts";
import type { Observer } from "../../ports/observer.ts";
import type { Clock } from "../../ports/time.ts";

const QUEUE = { name: "remora" };

/** 10 ns to 1000 s, a power of ten each. */
const BUCKETS = exponentialBuckets(1e-8, 10, 12);

function commonOf(registry: Registry): { readonly labelNames: ["name"]; readonly registers: [Registry] } {
  return { labelNames: ["name"], registers: [registry] };
}

export function queueMetrics(registry: Registry, clock: Pick<Clock, "now">): Observer {
  const common = commonOf(registry);
  const depth = new Gauge({ ...common, name: "workqueue_depth", help: "Keys that wait for a turn." });
  const adds = new Counter({ ...common, name: "workqueue_adds_total", help: "Keys added to the queue." });
  const retries = new Counter({
    ...common,
    name: "workqueue_retries_total",
    help: "Keys put back after a failed turn.",
  });
  const waiting = new Histogram({
    ...common,
    name: "workqueue_queue_duration_seconds",
    help: "How long a key waited for its turn.",
    buckets: BUCKETS,
  });
  const working = new Histogram({
    ...common,
    name: "workqueue_work_duration_seconds",
    help: "How long a turn took.",
    buckets: BUCKETS,
  });
  const turns = new RunningTurns();
  unfinished(registry, () => turns.ages(clock.now()));

  depth.set(QUEUE, 0);
  adds.inc(QUEUE, 0);
  retries.inc(QUEUE, 0);
  waiting.zero(QUEUE);
  working.zero(QUEUE);

  return (event) => {
    if (event.kind === "queue-add" || event.kind === "queue-get") depth.set(QUEUE, event.depth);
    if (event.kind === "queue-add") adds.inc(QUEUE);
    if (event.kind === "queue-retry") retries.inc(QUEUE);
    if (event.kind === "queue-get") {
      turns.begin(clock.now());
      waiting.observe(QUEUE, event.waited / 1000);
    }
    if (event.kind === "queue-done") {
      turns.end(clock.now() - event.took);
      working.observe(QUEUE, event.took / 1000);
    }
  };
}

/** Both tell a stuck turn from a queue that is merely busy. */
function unfinished(registry: Registry, ages: () => readonly Millis[]): void {
  const common = { labelNames: ["name"], registers: [] } satisfies { labelNames: ["name"]; registers: [] };
  const sum = new Gauge({
    ...common,
    name: "workqueue_unfinished_work_seconds",
    help: "Sum of how long the turns in progress have been running.",
    collect() {
      this.set(QUEUE, ages().reduce((total, age) => total + age, 0) / 1000);
    },
  });
  const longest = new Gauge({
    ...common,
    name: "workqueue_longest_running_processor_seconds",
    help: "How long the longest turn in progress has been running.",
    collect() {
      this.set(QUEUE, Math.max(0, ...ages()) / 1000);
    },
  });
  for (const gauge of [sum, longest]) registry.registerMetric(gauge);
}

/** When the turns in progress began. The events do not name their key, so a turn that ends is told by its beginning. */
class RunningTurns {
  readonly #begun: Millis[] = [];

  begin(at: Millis): void {
    this.#begun.push(at);
  }

  end(begunAt: Millis): void {
    const distances = this.#begun.map((at) => Math.abs(at - begunAt));
    const nearest = distances.indexOf(Math.min(...distances));
    if (nearest >= 0) this.#begun.splice(nearest, 1);
  }

  ages(now: Millis): readonly Millis[] {
    return this.#begun.map((at) => Math.max(0, now - at));
  }
}
