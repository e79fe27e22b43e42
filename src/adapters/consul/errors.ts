/** Consul's refusals and silences as the one error a port throws. */
import { PortFailure } from "../../ports/failure.ts";
import type { FailureCode, FailureDetails } from "../../ports/failure.ts";
import { isWrite } from "./call.ts";
import type { Answer, Call } from "./call.ts";

/** Failures before a connection stands: nothing was sent. */
const NOTHING_SENT = new Set(["ECONNREFUSED", "ENOENT", "EACCES", "ENOTFOUND", "EHOSTUNREACH", "ENETUNREACH"]);

/** There was no answer. `cause` is the error of the socket: it holds no headers. */
export function notConnected(
  call: Call,
  address: string,
  code: "aborted" | "timeout" | "unreachable",
  cause: unknown,
): PortFailure {
  const errno = (cause as NodeJS.ErrnoException).code ?? "";
  const sent = code !== "unreachable" || !NOTHING_SENT.has(errno);
  return failure(call, {
    code,
    message: silence(address, code, errno === "" ? (cause as Error).message : errno),
    effect: isWrite(call) && sent ? "unknown" : "none",
    retry: "backoff",
    ...(code === "unreachable" ? { cause } : {}),
  });
}

function silence(address: string, code: "aborted" | "timeout" | "unreachable", detail: string): string {
  if (code === "aborted") return "given up";
  if (code === "timeout") return `Consul at ${address} did not answer in time`;
  return `Consul at ${address} cannot be reached (${detail}): is the agent running there?`;
}

export function malformed(call: Call, message: string): PortFailure {
  const effect = isWrite(call) ? "unknown" : "none";
  return failure(call, { code: "malformed", message, effect, retry: "backoff" });
}

/** What Consul said in a refusal. */
export function said(answer: Answer): string {
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? "");
  return text.trim().slice(0, 500);
}

/** "ACL not found": the token used, or the one asked for, does not exist. */
export function isUnknownToken(answer: Answer): boolean {
  return (answer.status === 403 || answer.status === 404) && /ACL not found|Cannot find token/i.test(said(answer));
}

/** ACLs are off in this Consul. */
export function isAclDisabled(answer: Answer): boolean {
  return answer.status === 401 && /ACL support disabled/i.test(said(answer));
}

/** The servers do not take part in Connect: they say so themselves (500), or are too old to know the route. */
export function isConnectDisabled(answer: Answer): boolean {
  return answer.status === 404 || (answer.status >= 400 && /Connect must be enabled/i.test(said(answer)));
}

/** No such service in the agent: 500 up to Consul 1.8, 404 in later versions. */
export function isUnknownService(answer: Answer): boolean {
  return answer.status >= 400 && /Unknown service/i.test(said(answer));
}

/** Some wrong requests are answered with a 500; asking again is of no use. */
const WRONG_REQUEST = /^Invalid |has an invalid name|cannot specify|decode failed/i;

/** The failure that an answer other than 2xx stands for. */
export function refused(call: Call, answer: Answer): PortFailure {
  const text = said(answer);
  const [code, retry] = kindOf(answer, text);
  const mayHaveHappened = isWrite(call) && code === "server" && !/No cluster leader/i.test(text);
  const effect = mayHaveHappened && answer.status >= 500 ? "unknown" : "none";
  return failure(call, { code, message: `Consul answered ${answer.status}: ${text}${hint(answer)}`, effect, retry });
}

function kindOf(answer: Answer, text: string): readonly [FailureCode, "backoff" | "never"] {
  if (isUnknownToken(answer)) return ["forbidden", "backoff"];
  if (answer.status === 403) return ["forbidden", "never"];
  if (answer.status === 404) return ["not-found", "never"];
  if (answer.status === 429) return ["server", "backoff"];
  if (answer.status < 500 || WRONG_REQUEST.test(text)) return ["rejected", "never"];
  return ["server", "backoff"];
}

function hint(answer: Answer): string {
  if (isUnknownToken(answer)) return " (the token used does not exist in Consul, or not yet)";
  if (answer.status === 403) return " (the token used lacks this right: extend its policy)";
  return "";
}

export function failure(call: Call, details: Omit<FailureDetails, "call">): PortFailure {
  return new PortFailure({ ...details, call: `consul: ${call.what}` });
}
