/** The rules for the ports of a task's services: labels of the group's network, and never numbers (Nomad's). */
import type { Part } from "./part.ts";

const NUMBER = /^\d+$/;

export function judgeTaskService(service: Part): void {
  if (NUMBER.test(service.text("port"))) refuseNumber(service, "a task's service");
  for (const check of service.all("check")) {
    if (check.text("type").toLowerCase() !== "script" && NUMBER.test(check.text("port"))) {
      refuseNumber(check, "a check of a task's service");
    }
  }
}

function refuseNumber(part: Part, what: string): void {
  const port = part.text("port");
  const detail = `Write port "NAME" { to = ${port} } in the group's network block, and port = "NAME" here`;
  part.refuse("port", `The port of ${what} is a label of the network, not ${port}`, detail);
}
