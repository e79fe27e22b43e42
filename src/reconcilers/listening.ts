/** Reading which ports are listened on inside a namespace, from the kernel's own tables. */

/** What to run in the infra container. */
export const LISTENING_COMMAND: readonly string[] = ["cat", "/proc/net/tcp", "/proc/net/tcp6"];

/** State LISTEN in /proc/net/tcp (Linux include/net/tcp_states.h). */
const LISTEN = "0A";

/** Ports in state LISTEN, of IPv4 and IPv6. Lines that are no table rows are passed over. */
export function listeningPorts(tables: string): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const line of tables.split("\n")) {
    const [, local, , state] = line.trim().split(/\s+/);
    const port = Number.parseInt(local?.split(":")[1] ?? "", 16);
    if (state === LISTEN && Number.isInteger(port)) ports.add(port);
  }
  return ports;
}
