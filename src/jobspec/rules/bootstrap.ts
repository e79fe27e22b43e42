/**
 * What a proxy's config says about Envoy's bootstrap. Warnings: an agent with another proxy runs the job, and with Envoy the sidecar's
 * start is refused with the same sentence.
 */
import type { Connect } from "../../model/job.ts";
import { readProxyConfig } from "../../model/proxy-config.ts";
import type { Judge } from "./judge.ts";

/** Stands for the address of a host that is not known yet (RFC 5737). */
const SOME_HOST = "192.0.2.1";

export function judgeBootstrap(judge: Judge, { sidecarService, sidecarTask }: Connect): void {
  const { proxy } = sidecarService;
  const env = { HOST_IP: SOME_HOST, ...sidecarTask.env };
  const known = Object.entries(proxy.config).filter(([, value]) => !isLate(value, env));
  const { problems } = readProxyConfig(Object.fromEntries(known), env);
  const detail = "With Envoy as its proxy no sidecar can be started; with another one it has no effect";
  for (const { key, sentence } of problems) judge.warn(proxy, `config.${key}`, sentence, detail);
}

/** It holds, or names a variable that holds, a reference that only an allocation fills in. */
function isLate(value: unknown, env: Readonly<Record<string, string>>): boolean {
  if (Array.isArray(value)) return value.some((item) => isLate(item, env));
  if (typeof value !== "string") return false;
  const variable = /^\$(\w+)$/.exec(value)?.[1] ?? "";
  return value.replaceAll("${HOST_IP}", "").includes("${") || (env[variable] ?? "").includes("${");
}
