/** Metrics of the calls to Docker and Consul. */
import { Counter, Histogram } from "prom-client";
import type { Registry } from "prom-client";
import type { Observer } from "../../ports/observer.ts";

const APIS = ["docker", "consul"] as const;

export function callMetrics(registry: Registry): Observer {
  const total = new Counter({
    name: "remora_api_requests_total",
    help: "Calls by operation and answer; write says whether the call changes the world.",
    labelNames: ["api", "operation", "write", "outcome", "code"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "remora_api_request_duration_seconds",
    help: "How long calls took.",
    labelNames: ["api"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60],
    registers: [registry],
  });
  for (const api of APIS) duration.zero({ api });
  return (event) => {
    if (event.kind !== "api-call") return;
    const { api, operation, write, outcome, code } = event;
    total.inc({ api, operation, write: String(write), outcome, code });
    duration.observe({ api }, event.ms / 1000);
  };
}
