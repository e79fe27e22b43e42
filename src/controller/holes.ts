/** Known holes of Consul versions: what Remora works around there, and what an operator may meet all the same. Pure. */
import type { Finding } from "../model/status.ts";
import { isBefore } from "../model/versions.ts";

interface Hole {
  /** The first version without it. */
  readonly mended: string;
  readonly what: string;
}

/** Only those that were measured, or follow from Consul's own change. */
const HOLES: readonly Hole[] = [
  {
    // hashicorp/consul#16097, in 1.15.0.
    mended: "1.15",
    what: "a service whose token was deleted before it stays in the catalog (Remora takes it out)",
  },
  {
    // Tokens that were not found are no longer cached since hashicorp/consul commit a668c3693, in 1.13.0.
    mended: "1.13",
    what: "a client agent that was asked too soon refuses a new token for 30 s (Remora waits before it asks)",
  },
];

/** One sentence on all that this version has, and nothing for a version without any. */
export function consulHoles(version: string): readonly Finding[] {
  const open = HOLES.filter(({ mended }) => isBefore(version, mended)).map(
    ({ mended, what }) => `before ${mended}, ${what}`,
  );
  if (open.length === 0)
    return [{ name: "consul-version", ok: true, message: `no hole of Consul ${version} is known` }];
  return [{ name: "consul-version", ok: true, message: `Consul ${version}: ${open.join("; ")}`, note: true }];
}
