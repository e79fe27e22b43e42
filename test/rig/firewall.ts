/** Packet filter and forwarding as the engine found them: dockerd leaves its chains and a closed FORWARD behind. */
import { readFile, writeFile } from "node:fs/promises";
import { bridgeDevice } from "./paths.ts";
import { reason, say } from "./say.ts";
import { run } from "./shell.ts";

/** What the engine's end is to restore. */
export interface FirewallBefore {
  /** Another engine's chains were there already: then they stay as they are. */
  readonly shared: boolean;
  readonly forwardPolicy: string;
  /** `0` or `1`, from ip_forward. */
  readonly forwarding: string;
}

const forwardingFile = "/proc/sys/net/ipv4/ip_forward";

export async function firewallBefore(): Promise<FirewallBefore> {
  const rules = await run("iptables", ["-w", "-S"]);
  const forwardPolicy = /^-P FORWARD (\w+)/m.exec(rules)?.[1] ?? "ACCEPT";
  const forwarding = (await readFile(forwardingFile, "utf8")).trim();
  return { shared: rules.includes("-N DOCKER"), forwardPolicy, forwarding };
}

/** Removes the rules and chains of our engine, which has ended. */
export async function restoreFirewall(before: FirewallBefore): Promise<void> {
  try {
    for (const table of ["filter", "nat"]) await removeRules(table, before.shared);
    if (before.shared) return;
    await run("iptables", ["-w", "-P", "FORWARD", before.forwardPolicy]);
    await writeFile(forwardingFile, before.forwarding);
  } catch (error) {
    say(`the engine's packet filter rules stay behind: ${reason(error)}`);
  }
}

async function removeRules(table: string, shared: boolean): Promise<void> {
  const iptables = (...args: string[]): Promise<string> => run("iptables", ["-w", "-t", table, ...args]);
  const lines = (await iptables("-S")).split("\n");
  const ours = lines.filter((line) => line.startsWith("-A") && line.includes(` ${bridgeDevice} `));
  const jumps = lines.filter((line) => /^-A (?!DOCKER).* -j DOCKER/.test(line));
  const chains = lines.filter((line) => line.startsWith("-N DOCKER")).map((line) => line.slice(3));
  for (const rule of new Set(shared ? ours : [...ours, ...jumps])) await iptables("-D", ...rule.split(" ").slice(1));
  if (shared) return;
  for (const chain of chains) await iptables("-F", chain);
  for (const chain of chains) await iptables("-X", chain);
}
