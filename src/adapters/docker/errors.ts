/** What went wrong with a call to the engine, as a PortFailure. */
import { PortFailure } from "../../ports/failure.ts";
import type { FailureCode, FailureDetails } from "../../ports/failure.ts";
import { z } from "zod";

/** One HTTP call to the engine. */
export interface Call {
  /** As the docker command line names it: `container start`. */
  readonly operation: string;
  /** What it is done to; "" if the operation says it all. */
  readonly subject: string;
  /** Whether it changes the engine's world. */
  readonly write: boolean;
}

type Verdict = Pick<FailureDetails, "code" | "message" | "effect" | "retry">;

/** `docker: container start web-1f3c` */
export function callText(call: Call): string {
  return `docker: ${[call.operation, call.subject].filter((part) => part !== "").join(" ")}`;
}

/** Whatever the client threw, as a PortFailure; `address` is where the engine was looked for. */
export function portFailure(error: unknown, call: Call, address: string): PortFailure {
  if (error instanceof PortFailure) return error;
  const verdict = answered(error, call) ?? unanswered(error, call, address);
  return new PortFailure({ ...verdict, call: callText(call), cause: error });
}

/** The caller gave up, or the time was up, while the call was under way. */
export function unfinished(code: "timeout" | "aborted", call: Call, limit: number): PortFailure {
  const message = code === "timeout" ? `no answer within ${limit / 1000} s` : "given up before there was an answer";
  return new PortFailure({ code, call: callText(call), message, effect: maybe(call), retry: "backoff" });
}

/** A failure this adapter finds by itself, before anything was done. */
export function refusal(
  code: FailureCode,
  call: Call,
  message: string,
  retry: "backoff" | "never" = "backoff",
): PortFailure {
  return new PortFailure({ code, call: callText(call), message, effect: "none", retry });
}

/** Runs to undefined if the named object does not exist. */
export async function orAbsent<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof PortFailure && error.code === "not-found") return undefined;
    throw error;
  }
}

const ErrorAnswer = z.object({
  statusCode: z.number(),
  message: z.string(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

/** What the client puts before the engine's own words. */
const CLIENT_PREFIX = /^\(HTTP code \d+\) .*? - /;

function answered(error: unknown, call: Call): Verdict | undefined {
  const answer = ErrorAnswer.safeParse(error).data;
  if (answer === undefined) return undefined;
  const message = (answer.json?.message ?? answer.message.replace(CLIENT_PREFIX, "")).trim();
  const code = codeOfText(message, call) ?? codeOfStatus(answer.statusCode);
  return {
    code,
    message,
    effect: "none",
    retry: code === "rejected" && answer.statusCode === 400 ? "never" : "backoff",
  };
}

/** Somebody has the port, or this host does not have the address it is asked for at. */
const PORT_REFUSED = /port is already allocated|address already in use|cannot assign requested address/;

/** The engine has few status codes and says the rest in words (Docker 20.10 to 28). */
function codeOfText(message: string, call: Call): FailureCode | undefined {
  if (/no such image|manifest unknown|manifest for .* not found|pull access denied/i.test(message))
    return "image-missing";
  if (/has active endpoints/.test(message)) return "conflict";
  if (/is not running|non running container|marked read-only/.test(message)) return "rejected";
  if (call.operation !== "container start") return undefined;
  return PORT_REFUSED.test(message) ? "port-taken" : undefined;
}

function codeOfStatus(status: number): FailureCode {
  if (status >= 500) return "server";
  const codes: Readonly<Record<number, FailureCode>> = {
    401: "forbidden",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
  };
  return codes[status] ?? "rejected";
}

/** System errors of a connection that was never made, so that nothing can have been asked over it. */
const NEVER_CONNECTED = ["ECONNREFUSED", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

function unanswered(error: unknown, call: Call, address: string): Verdict {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof z.ZodError) {
    return { code: "malformed", message: mismatch(error), effect: maybe(call), retry: "backoff" };
  }
  const system = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (system === "EACCES" || system === "EPERM") {
    const advice = `no permission to use ${address}: run as root or as a member of the socket's group`;
    return { code: "forbidden", message: advice, effect: "none", retry: "backoff" };
  }
  if (NEVER_CONNECTED.includes(system)) {
    const advice = `nobody answers at ${address} (${system}): is Docker running, and is DOCKER_HOST right?`;
    return { code: "unreachable", message: advice, effect: "none", retry: "backoff" };
  }
  if (system.startsWith("HPE_")) {
    return {
      code: "malformed",
      message: `${address} does not speak HTTP (${message})`,
      effect: maybe(call),
      retry: "backoff",
    };
  }
  return {
    code: "unreachable",
    message: `lost the connection to ${address}: ${message}`,
    effect: maybe(call),
    retry: "backoff",
  };
}

function mismatch(error: z.ZodError): string {
  const [issue] = error.issues;
  return `unexpected answer at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? error.message}`;
}

/** A call that only reads leaves nothing behind, whatever becomes of it. */
function maybe(call: Call): "none" | "unknown" {
  return call.write ? "unknown" : "none";
}
