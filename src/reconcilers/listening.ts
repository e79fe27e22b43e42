/** Reading which ports are listened on inside a namespace, from the kernel's own tables. */

/** State LISTEN in /proc/net/tcp (Linux include/net/tcp_states.h). */
const LISTEN = "0A";

/**
 * What to run in the infra container. Only the lines of listeners: beside a busy app there are thousands of others, more than
 * is read of a command's output. Its exit code is 1 when nobody listens and 2 when a table is missing (IPv6 is off).
 */
export const LISTENING_COMMAND: readonly string[] = ["grep", "-h", ` ${LISTEN} `, "/proc/net/tcp", "/proc/net/tcp6"];

/** It was run; its output is all there is to know. */
export function couldLook(exitCode: number): boolean {
  return exitCode <= 2;
}

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
