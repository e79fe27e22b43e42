/** The ports of an allocation as they were chosen, and as the `ports` label keeps them. */

export interface AllocatedPort {
  readonly label: string;
  /** Port on the host. */
  readonly value: number;
  /** Port inside the namespace. */
  readonly to: number;
  /** Address it is published on. */
  readonly hostIp: string;
  /** declared in the job; proxy = a sidecar's public port; ready = a sidecar's listener for readiness and metrics. */
  readonly role: "declared" | "proxy" | "ready";
}

export function writePorts(ports: readonly AllocatedPort[]): string {
  return JSON.stringify(ports.map(({ label, value, to, hostIp, role }) => [label, value, to, hostIp, role]));
}

/** undefined for text that is no such list. */
export function readPorts(text: string | undefined): readonly AllocatedPort[] | undefined {
  if (text === undefined) return undefined;
  try {
    const rows = JSON.parse(text) as unknown;
    if (!Array.isArray(rows)) return undefined;
    const ports = rows.map(readRow);
    return ports.every((port) => port !== undefined) ? ports : undefined;
  } catch {
    return undefined;
  }
}

function readRow(row: unknown): AllocatedPort | undefined {
  if (!Array.isArray(row)) return undefined;
  const [label, value, to, hostIp, role] = row as readonly unknown[];
  if (typeof label !== "string" || typeof value !== "number" || typeof to !== "number" || typeof hostIp !== "string")
    return undefined;
  if (role !== "declared" && role !== "proxy" && role !== "ready") return undefined;
  return { label, value, to, hostIp, role };
}

/** Label of the reserved ready and metrics port of a service's sidecar. */
export function readyPortLabel(service: string): string {
  return `remora-ready-${service}`;
}
