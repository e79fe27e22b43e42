/** What the log says about each event: a table from the kind of event to lines. */
import type { Diagnostic } from "../model/diagnostic.ts";
import type { EngineEvent } from "../ports/observer.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What an event has to say. */
export interface Report {
  readonly lines: readonly Line[];
  /** Of one topic the same words are said only once in a row, because these events come again at every look. */
  readonly topic?: string;
  /** Good news on a topic is news only after bad news. */
  readonly goodNews?: boolean;
}

type Reporters = {
  readonly [K in EngineEvent["kind"]]: (event: Extract<EngineEvent, { kind: K }>) => Report;
};

const REPORTERS: Reporters = {
  started: ({ version, node, instance }) =>
    one("info", `Remora ${version} runs on ${node} as instance ${instance}`, { version, node, instance }),
  stopping: ({ reason }) => one("info", `Remora stops (${reason}); what it started keeps running`, { reason }),

  listed: ({ source, count, ms }) => ({
    ...one("info", `${source} can be read again: ${count} objects`, { source, count, ms }),
    topic: `source ${source}`,
    goodNews: true,
  }),
  "list-failed": ({ source, error }) => ({
    ...one("warn", `${source} cannot be read, nothing is changed meanwhile: ${error}`, { source, error }),
    topic: `source ${source}`,
  }),
  "watch-broken": ({ source, error }) => ({
    ...one("warn", `The watch of ${source} broke and is made again: ${error}`, { source, error }),
    topic: `watch ${source}`,
  }),

  "queue-add": ({ depth }) => one("trace", "Queue: added", { depth }),
  "queue-get": ({ depth, waited }) => one("trace", "Queue: taken", { depth, waited }),
  "queue-done": ({ took }) => one("trace", "Queue: done", { took }),
  "queue-retry": ({ key, delay }) => one("debug", `${key} is tried again in ${delay} ms`, { key, delay }),

  reconciled: ({ key, result, steps, ms }) =>
    one(result === "failed" ? "warn" : "debug", `${key}: ${result}`, { key, result, steps, ms }),
  step: ({ key, step, subject, ms, error }) =>
    error === undefined
      ? one("info", `${key}: ${step} ${subject}`, { key, step, subject, ms })
      : one("warn", `${key}: ${step} ${subject} failed: ${error}`, { key, step, subject, ms, error }),
  phase: ({ key, alloc, service, from, to }) =>
    one("info", `${key}: service ${service} is ${to} (was ${from})`, { key, alloc, service, from, to }),
  status: ({ key, status }) => ({
    ...(status === undefined
      ? one("info", `${key} is gone`, { key })
      : one(status.state === "failed" || status.state === "frozen" ? "warn" : "info", groupSentence(key, status), {
          key,
          state: status.state,
          reason: status.reason,
        })),
    topic: `group ${key}`,
  }),

  tokens: ({ live }) => one("trace", "Tokens counted", { live }),
  intentions: ({ held }) => one("trace", "Intentions counted", { held }),
  "token-minted": ({ service }) => one("info", `A token was made for service ${service}`, { service }),
  "token-deleted": () => one("info", "A token was deleted", {}),

  "file-bad": ({ path, diagnostics }) => ({ lines: diagnostics.map(diagnosticLine), topic: `file ${path}` }),
  "file-good": ({ path, job, warnings }) => ({
    lines: [...one("info", `${path}: job ${job} is valid`, { path, job }).lines, ...warnings.map(diagnosticLine)],
    topic: `file ${path}`,
  }),
  "file-gone": ({ path }) => ({ ...one("info", `${path} was removed`, { path }), topic: `file ${path}` }),

  "api-call": ({ api, operation, write, outcome, code, ms }) =>
    one(write || outcome === "error" ? "debug" : "trace", `${api}: ${operation}: ${code}`, {
      api,
      operation,
      write,
      outcome,
      code,
      ms,
    }),
  condition: ({ name, ok, message, note }) => ({
    ...one(ok ? "info" : "warn", ok && !note ? `${name} holds again` : `${name}: ${message}`, {
      condition: name,
      ok,
      message,
    }),
    topic: `condition ${name}`,
    goodNews: ok && !note,
  }),
  problem: ({ message }) => one("error", message, {}),
};

export function reportOf<K extends EngineEvent["kind"]>(event: Extract<EngineEvent, { kind: K }>): Report {
  return REPORTERS[event.kind](event);
}

function one(level: LogLevel, message: string, fields: Line["fields"]): Report {
  return { lines: [{ level, message, fields }] };
}

function groupSentence(key: string, { state, reason }: { readonly state: string; readonly reason: string }): string {
  return reason === "" ? `${key} is ${state}` : `${key} is ${state}: ${reason}`;
}

function diagnosticLine({ severity, file, line, column, summary, detail }: Diagnostic): Line {
  const message = `${file}:${line}:${column}: ${summary}${detail === undefined ? "" : `. ${detail}`}`;
  return { level: severity === "error" ? "error" : "warn", message, fields: { file, line, column } };
}
