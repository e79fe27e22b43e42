/** The front page: what runs here, as plain text. */
import type { AgentStatus } from "../model/status.ts";

export function overview(status: AgentStatus): string {
  const failing = status.conditions.filter(({ ok }) => !ok);
  const bad = status.files.filter(({ ok }) => !ok);
  return [
    `Remora ${status.version}, instance ${status.instance} on ${status.node}`,
    "",
    ...status.jobs.map(({ id, state }) => `${id}: ${state}`),
    ...(status.jobs.length === 0 ? ["no jobs"] : []),
    ...section(
      "These conditions do not hold:",
      failing.map(({ name, message }) => `${name}: ${message}`),
    ),
    ...section(
      "These files cannot be used:",
      bad.map(({ path }) => path),
    ),
    ...section("More:", ["/v1/status", "/v1/jobs", "/v1/allocations", "/metrics", "/healthz", "/readyz"]),
    "",
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}
