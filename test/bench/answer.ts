/** The first answer of the dashboard that carries the count: it has come through both sidecars. */
import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ConsulApi } from "../rig/consul-api.ts";
import { inRotation, passing } from "../e2e/support/consul.ts";

const EVERY_MS = 10;

/** Asks until the count comes; resolves with the time on performance.now()'s clock. */
export async function firstAnswer(port: number, timeoutMs = 60_000): Promise<number> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    if (await answersNow(port)) return performance.now();
    if (performance.now() > deadline) throw new Error(`no count came through the mesh in ${timeoutMs / 1000} s`);
    await delay(EVERY_MS);
  }
}

/** The dashboard says 200 when it has got a count from its upstream, and 503 otherwise. */
export function answersNow(port: number): Promise<boolean> {
  return new Promise((done) => {
    const options = { host: "127.0.0.1", port, path: "/health/api", agent: false, timeout: 3_000 };
    const asked = get(options, (answer) => {
      answer.resume();
      answer.once("end", () => done(answer.statusCode === 200));
      answer.once("error", () => done(false));
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => done(false));
  });
}

/** Both services and both sidecars of countdash are passing in Consul's catalog. */
export async function isInRotation(consul: ConsulApi): Promise<boolean> {
  const looks = ["count-api", "count-dashboard"].flatMap((name) => [inRotation(consul, name), passing(consul, name)]);
  return (await Promise.all(looks)).every(({ length }) => length === 1);
}
