/** The rules for checks. */
import type { Check, Service } from "../../model/job.ts";
import { isDeferred } from "./judge.ts";
import type { Judge } from "./judge.ts";
import { judgeCheckPort } from "./ports.ts";
import type { Labels } from "./ports.ts";

const MIN_DURATION = 1000;

export function judgeCheck(judge: Judge, check: Check, service: Service, labels: Labels): void {
  judge.require(check, "type", "A check", 'Write type = "http", "tcp" or "grpc"');
  judgeDuration(judge, check, "interval", check.interval);
  judgeDuration(judge, check, "timeout", check.timeout);
  judge.notNegative(check, "success_before_passing", check.successBeforePassing);
  judge.notNegative(check, "failures_before_critical", check.failuresBeforeCritical);
  if (check.type === "http") judgePath(judge, check);
  judgeCheckPort(judge, check, service, labels);
}

function judgeDuration(judge: Judge, check: Check, argument: "interval" | "timeout", value: number): void {
  if (!judge.require(check, argument, "A check", `Write ${argument} = "10s"`)) return;
  if (value < MIN_DURATION) judge.refuse(check, argument, `The ${argument} of a check must be at least 1s`);
}

function judgePath(judge: Judge, check: Check): void {
  if (!judge.require(check, "path", "An http check", 'Write path = "/health"')) return;
  if (isDeferred(check.path)) return;
  if (check.path === "") judge.refuse(check, "path", "The path of an http check cannot be empty");
  if (/^[a-z][a-z0-9+.-]*:/i.test(check.path) || check.path.startsWith("//")) {
    judge.refuse(check, "path", "The path of an http check is a path, not a URL", 'Write it from the first "/"');
  }
}
