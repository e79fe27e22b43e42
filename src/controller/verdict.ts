/** What the self-test found, as conditions. Pure. */
import type { Settings } from "../model/settings.ts";
import type { Finding } from "../model/status.ts";
import { fails, holds } from "./preflight.ts";

export type Verdict =
  /** Something else has to be there first. */
  | { readonly kind: "waiting"; readonly why: string }
  /** It could not be made. */
  | { readonly kind: "failed"; readonly why: string }
  /** Docker publishes no port at the advertised address. */
  | { readonly kind: "unpublished"; readonly why: string }
  | { readonly kind: "tried"; readonly isReachable: boolean; readonly isIsolated: boolean };

export const PASSED: Verdict = { kind: "tried", isReachable: true, isIsolated: true };
export const NOT_YET: Verdict = { kind: "waiting", why: "Docker has not been looked at" };

export function verdictFindings(
  verdict: Verdict,
  settings: Pick<Settings, "advertise" | "network">,
): readonly Finding[] {
  switch (verdict.kind) {
    case "waiting":
      return untested(`not tested yet: ${verdict.why}`);
    case "failed":
      return [
        fails("reachability", `it cannot be tested whether groups reach each other: ${verdict.why}`),
        fails("isolation", `it cannot be tested whether groups are kept apart: ${verdict.why}`),
      ];
    case "unpublished":
      return [unpublished(verdict.why, settings), ...untested(`not tested: no port is published`).slice(1)];
    case "tried":
      return [
        holds("advertise", `ports are published at ${settings.advertise}`),
        reachability(verdict.isReachable, settings),
        isolation(verdict.isIsolated, settings),
      ];
  }
}

function untested(message: string): readonly Finding[] {
  return ["advertise", "reachability", "isolation"].map((name) => ({ ...holds(name, message), note: true }));
}

function unpublished(why: string, { advertise }: Pick<Settings, "advertise">): Finding {
  const mend = "give an address of this host with --advertise, or say --advertise=bridge";
  return fails("advertise", `Docker publishes no port at ${advertise} (${why}): ${mend}`);
}

function reachability(isReachable: boolean, { advertise, network }: Pick<Settings, "advertise" | "network">): Finding {
  if (isReachable) return holds("reachability", `containers of the network ${network} reach published ports`);
  const found = `a container of the network ${network} does not reach a published port at ${advertise}, so groups on this host do not reach each other`;
  const mend =
    'set "userland-proxy": true (its default) in Docker\'s daemon.json, and let no firewall drop what comes from the bridge';
  return fails("reachability", `${found}: ${mend}`);
}

function isolation(isIsolated: boolean, { network }: Pick<Settings, "network">): Finding {
  if (isIsolated)
    return holds("isolation", `containers of the network ${network} reach each other through the mesh only`);
  const found = `containers of the network ${network} reach each other past the mesh and its intentions`;
  const mend = "set sysctl net.bridge.bridge-nf-call-iptables=1, and keep it so in /etc/sysctl.d";
  return fails("isolation", `${found}: ${mend}`);
}
