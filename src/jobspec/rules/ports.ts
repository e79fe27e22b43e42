/** The rules for the ports that services and checks name. */
import type { Check, Service } from "../../model/job.ts";
import { judgeKnown } from "./judge.ts";
import type { Judge } from "./judge.ts";

const MAX_PORT = 65_535;

/** The labels of the group's network; undefined where some of them could not be read. */
export type Labels = ReadonlySet<string> | undefined;

/** A port is a label of the group's network or a number. */
export function judgePort(judge: Judge, part: Service | Check, owner: string, labels: Labels): void {
  const { port } = part;
  if (port === "" || labels?.has(port) === true || !judgeKnown(judge, part, "port", port, owner)) return;
  if (/^\d+$/.test(port)) {
    const exists = Number(port) >= 1 && Number(port) <= MAX_PORT;
    if (!exists) judge.refuse(part, "port", `There is no port ${port}`, "Ports go from 1 to 65535");
    return;
  }
  if (labels === undefined) return;
  const known = Array.from(labels, (label) => `"${label}"`).join(", ");
  const detail =
    known === "" ? `Write port "${port}" {} in the group's network block` : `Ports of this group: ${known}`;
  judge.refuse(part, "port", `The group's network has no port "${port}"`, detail);
}

/** What a check connects to, and whether it can mean anything behind a sidecar. */
export function judgeCheckPort(judge: Judge, check: Check, service: Service, labels: Labels): void {
  judgePort(judge, check, "a check", labels);
  const isKnown = judge.isKnown(check, "port") && judge.isKnown(service, "port") && judge.isKnown(check, "expose");
  if (isKnown && check.port === "" && service.port === "" && check.expose !== true) {
    judge.refuse(check, undefined, "A check needs a port, and neither it nor its service has one", "Write port = …");
  }
  if (check.type === "tcp" && service.connect !== undefined && judge.given(check, "type")) {
    const detail = "From outside it would reach the sidecar, not the service; use an http or grpc check";
    judge.refuse(check, "type", "A service with a sidecar cannot have a tcp check", detail);
  }
}
