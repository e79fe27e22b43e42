/** The rules for a group's network. */
import type { Network, Port } from "../../model/job.ts";
import { isDeferred } from "./judge.ts";
import type { Judge } from "./judge.ts";

const MAX_PORT = 65_535;
/** RFC 1123: labels of letters, digits and hyphens, up to 63 characters each and 253 in all. */
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export function judgeNetwork(judge: Judge, network: Network): void {
  const { ports, hostname } = network;
  judge.duplicates(
    ports,
    ({ label }) => label,
    (port, label, first) => {
      judge.refuse(port, undefined, `There is another port "${label}" in this group`, undefined, first);
    },
  );
  for (const port of ports) judgePort(judge, port);
  if (hostname !== undefined) judgeHostname(judge, network, hostname);
}

function judgePort(judge: Judge, port: Port): void {
  if (port.label === "") judge.refuse(port, undefined, "The label of a port cannot be empty");
  if (port.static !== undefined) judge.range(port, "static", port.static, [1, MAX_PORT]);
  judge.range(port, "to", port.to, [-1, MAX_PORT]);
}

function judgeHostname(judge: Judge, network: Network, hostname: string): void {
  if (network.mode === "host") {
    judge.refuse(network, "hostname", 'A hostname needs a network of its own: mode = "bridge" or "none"');
  }
  if (!isDeferred(hostname) && !HOST_NAME.test(hostname)) {
    judge.refuse(network, "hostname", `"${hostname}" is not a valid host name`);
  }
}
