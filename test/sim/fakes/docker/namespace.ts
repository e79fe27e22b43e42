/** A fake network namespace, and its /proc/net/tcp as the kernel would print it. */

export interface Listener {
  readonly container: string;
  readonly address: string;
  readonly port: number;
}

/** One life of a namespace: made at each start of its owner, kept by those who joined it when the owner ends. */
export interface Namespace {
  readonly id: string;
  listeners: readonly Listener[];
}

const HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/** proc(5): addresses are hexadecimal in host byte order, state 0A is LISTEN. */
export function procNetTcp(listeners: readonly Listener[], family: 4 | 6): string {
  const mine = listeners.filter(({ address }) => address.includes(":") === (family === 6));
  const rows = mine.map(({ address, port }, row) => {
    const nowhere = `${"0".repeat(family === 6 ? 32 : 8)}:0000`;
    const local = `${hexAddress(address)}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
    const numbers = `00000000:00000000 00:00000000 00000000     0        0 ${1000 + row} 1 0000000000000000 100 0 0 10 0`;
    return `${String(row).padStart(4)}: ${local} ${nowhere} 0A ${numbers}\n`;
  });
  return HEADING + rows.join("");
}

function hexAddress(address: string): string {
  if (address === "::") return "0".repeat(32);
  if (address === "::1") return `${"0".repeat(24)}01000000`;
  const bytes = address.split(".").map((part) => Number(part).toString(16).toUpperCase().padStart(2, "0"));
  return bytes.reverse().join("");
}
