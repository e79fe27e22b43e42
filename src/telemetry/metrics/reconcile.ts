/** Metrics of the controller's turns, their steps, the tokens and the intentions. */
import { Counter, Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";
import type { Observer } from "../../ports/observer.ts";

const RESULTS = ["settled", "acted", "waiting", "failed"] as const;

export function reconcileMetrics(registry: Registry): Observer {
  const observers = [turns(registry), steps(registry), tokens(registry), intentions(registry)];
  return (event) => {
    for (const observer of observers) observer(event);
  };
}

function turns(registry: Registry): Observer {
  const total = new Counter({
    name: "remora_reconcile_total",
    help: "Turns of the controller by how they ended.",
    labelNames: ["result"],
    registers: [registry],
  });
  const time = new Histogram({
    name: "remora_reconcile_time_seconds",
    help: "How long a turn took.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  for (const result of RESULTS) total.inc({ result }, 0);
  return (event) => {
    if (event.kind !== "reconciled") return;
    total.inc({ result: event.result });
    time.observe(event.ms / 1000);
  };
}

function steps(registry: Registry): Observer {
  const total = new Counter({
    name: "remora_reconcile_steps_total",
    help: "Steps carried out, by kind and outcome.",
    labelNames: ["step", "outcome"],
    registers: [registry],
  });
  const problems = new Counter({
    name: "remora_problems_total",
    help: "Errors that are no part of normal operation; the log has their text.",
    registers: [registry],
  });
  return (event) => {
    if (event.kind === "problem") problems.inc();
    if (event.kind !== "step") return;
    total.inc({ step: event.step, outcome: event.error === undefined ? "ok" : "error" });
  };
}

function tokens(registry: Registry): Observer {
  const registers = [registry];
  const live = new Gauge({ name: "remora_tokens", help: "Service Identity tokens that exist.", registers });
  const minted = new Counter({ name: "remora_token_minted_total", help: "Tokens made.", registers });
  const deleted = new Counter({ name: "remora_token_deleted_total", help: "Tokens deleted.", registers });
  return (event) => {
    if (event.kind === "tokens") live.set(event.live);
    if (event.kind === "token-minted") minted.inc();
    if (event.kind === "token-deleted") deleted.inc();
  };
}

function intentions(registry: Registry): Observer {
  const held = new Gauge({
    name: "remora_intentions",
    help: "Intentions that are kept for jobs of this node; 0 unless --intentions=upstreams.",
    registers: [registry],
  });
  return (event) => {
    if (event.kind === "intentions") held.set(event.held);
  };
}
