/** The record of calls that went through the counting proxies. */
import { consulRoute, dockerRoute } from "./routes.ts";

export type Api = "docker" | "consul";

export interface Call {
  readonly api: Api;
  readonly method: string;
  readonly url: string;
  readonly route: string;
  /** The sidecars reach Consul through the relay, and so through the same proxy. */
  readonly caller: "remora" | "sidecar";
  /** On performance.now()'s clock; `ended` is absent while the call is under way. */
  readonly began: number;
  ended?: number;
  status?: number;
  /** Of what was written, if it is text and not long. */
  body?: string;
  answer?: string;
}

/** Consul's own clients name their library; Remora's names nothing. */
export function callerOf(userAgent: string | undefined): Call["caller"] {
  return userAgent?.startsWith("Go-http-client") === true ? "sidecar" : "remora";
}

export function routeOf(api: Api, method: string, url: string): string {
  return api === "docker" ? dockerRoute(method, url) : consulRoute(method, url);
}

/** It changes the world: probes inside a container (exec) do not. */
export function isWrite({ method, route }: Pick<Call, "method" | "route">): boolean {
  return method !== "GET" && method !== "HEAD" && !isLook({ route }) && !route.includes(AUTHORIZE);
}

/** Asks what a token may do; it is a POST only because its question is long. */
const AUTHORIZE = "/internal/acl/authorize";

/** A look into a container. */
export function isLook({ route }: Pick<Call, "route">): boolean {
  return route.includes("/exec");
}

/** Waits for something to change. */
export function isWatch({ route }: Pick<Call, "route">): boolean {
  return route.endsWith("?index") || route.endsWith("/events");
}

/** Calls by api and route. */
export function tally(calls: readonly Call[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { api, route } of calls) {
    const name = `${api.padEnd(6)} ${route}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
