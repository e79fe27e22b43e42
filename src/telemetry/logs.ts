/** The log: events as lines, in JSON for machines or in colour for people. */
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import type { EngineEvent, Observer } from "../ports/observer.ts";
import { reportOf } from "./lines.ts";
import type { LogLevel, Report } from "./lines.ts";
import { printable } from "../model/text.ts";

export interface LogOptions {
  readonly level: LogLevel;
  /** `auto`: pretty on a terminal, JSON otherwise. */
  readonly format: "pretty" | "json" | "auto";
  readonly terminal: boolean;
  /** Whether pretty logs are coloured. */
  readonly colour: boolean;
  /** Called with whole lines, synchronously: nothing is lost when the process ends. */
  readonly write: (text: string) => void;
}

export function logObserver(options: LogOptions): Observer {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: writerOf(options) },
  );
  const isNews = newsFilter();
  return (event) => {
    const report = reportOf<EngineEvent["kind"]>(event);
    if (!isNews(report)) return;
    for (const { level, message, fields } of report.lines) logger[level]({ event: event.kind, ...fields }, message);
  };
}

function writerOf({ format, terminal, colour, write }: LogOptions): (line: string) => void {
  if (format === "json" || (format === "auto" && !terminal)) return write;
  const pretty = prettyFactory({
    colorize: colour,
    translateTime: "SYS:HH:MM:ss.l",
    // The sentence says it all; the fields are for machines.
    hideObject: true,
    messageFormat: (log, key) => printable(String(log[key])),
  });
  return (line) => write(pretty(line));
}

/** Remembers what was last said on each topic; see Report. */
function newsFilter(): (report: Report) => boolean {
  const said = new Map<string, { readonly words: string; readonly good: boolean }>();
  return ({ lines, topic, goodNews }) => {
    if (topic === undefined) return true;
    const last = said.get(topic);
    const good = goodNews === true;
    const words = lines.map(({ message }) => message).join("\n");
    said.set(topic, { words, good });
    if (good) return last !== undefined && !last.good;
    return last?.words !== words;
  };
}
