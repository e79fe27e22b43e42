/** Functions of points in time. */
import { addNanoseconds, offsetText, parseTime, timeText, two, weekday } from "./calendar.ts";
import type { Time } from "./calendar.ts";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";

export const DATES: readonly HclFunction[] = [
  define("formatdate", {
    parameters: [
      { name: "format", wants: "string" },
      { name: "time", wants: "string" },
    ],
    summary: "A point in time in another format: letters stand for its parts, text in single quotes for itself.",
    example: 'formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")',
    call([format, text], at) {
      const time = timeAt(text, 1, "formatdate", at);
      return format.replace(TOKEN, (token: string, quoted: string | undefined) => {
        if (token === "''") return "'";
        if (quoted !== undefined) return quoted.replaceAll("''", "'");
        if (token.length > 1 && token.startsWith("'") && token.endsWith("'")) {
          return token.slice(1, -1).replaceAll("''", "'");
        }
        if (token.startsWith("'")) throw wrong(at, 0, "A text in the format of formatdate() lacks its closing quote");
        return partOf(token, time, at);
      });
    },
  }),
  define("timeadd", {
    parameters: [
      { name: "time", wants: "string" },
      { name: "duration", wants: "string" },
    ],
    summary: "A point in time that much later, or earlier.",
    example: 'timeadd("2017-11-22T00:00:00Z", "-1h30m")',
    call([text, duration], at) {
      const time = timeAt(text, 0, "timeadd", at);
      const nanoseconds = nanosecondsOf(duration);
      if (nanoseconds !== undefined) return timeText(addNanoseconds(time, nanoseconds));
      throw wrong(
        at,
        1,
        `${JSON.stringify(duration)} is not a duration`,
        'Durations are written like "1h30m" or "-10s"',
      );
    },
  }),
];

function timeAt(text: string, index: number, name: string, at: CallSite): Time {
  const time = parseTime(text);
  if (time !== undefined) return time;
  const detail = "It is written like 2006-01-02T15:04:05Z or 2006-01-02T15:04:05+02:00";
  throw wrong(at, index, `${name}() needs a time as in RFC 3339, not ${JSON.stringify(text)}`, detail);
}

/** Two quotes, a text in quotes, a quote that is not closed, or one letter any number of times. */
const TOKEN = /''|'((?:[^']|'')+)'(?!')|'[^]*|([a-zA-Z])\2*/g;

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

const PARTS: Readonly<Record<string, (time: Time) => string>> = {
  YY: ({ year }) => two(year % 100),
  YYYY: ({ year }) => String(year).padStart(4, "0"),
  M: ({ month }) => String(month),
  MM: ({ month }) => two(month),
  MMM: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  MMMM: ({ month }) => MONTHS[month - 1] ?? "",
  D: ({ day }) => String(day),
  DD: ({ day }) => two(day),
  EEE: (time) => (DAYS[weekday(time)] ?? "").slice(0, 3),
  EEEE: (time) => DAYS[weekday(time)] ?? "",
  h: ({ hour }) => String(hour),
  hh: ({ hour }) => two(hour),
  H: ({ hour }) => String(hour % 12 || 12),
  HH: ({ hour }) => two(hour % 12 || 12),
  AA: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  aa: ({ hour }) => (hour < 12 ? "am" : "pm"),
  m: ({ minute }) => String(minute),
  mm: ({ minute }) => two(minute),
  s: ({ second }) => String(second),
  ss: ({ second }) => two(second),
  Z: (time) => offsetText(time, ":", "Z"),
  ZZZ: (time) => offsetText(time, "", "UTC"),
  ZZZZ: (time) => offsetText(time, ""),
  ZZZZZ: (time) => offsetText(time, ":"),
};

function partOf(token: string, time: Time, at: CallSite): string {
  const part = PARTS[token];
  if (part !== undefined) return part(time);
  const known = `Known are ${Object.keys(PARTS).join(" ")}; text goes in single quotes`;
  throw wrong(at, 0, `formatdate() has no part "${token.slice(0, 20)}"`, known);
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MAX_DURATION = 2n ** 63n - 1n;
const MIN_DURATION = -(2n ** 63n);

/** undefined: it is no duration of Go, or longer than those can be (292 years). */
function nanosecondsOf(text: string): bigint | undefined {
  if (text.length > 200) return undefined;
  const [, sign, body = ""] = /^([+-]?)(.+)$/.exec(text) ?? [];
  if (body === "0") return 0n;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined;
  let total = 0n;
  for (const [, whole = "", fraction = "", unit = ""] of body.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = UNITS[unit] ?? 0n;
    total += BigInt(whole) * size + (BigInt(fraction || 0) * size) / 10n ** BigInt(fraction.length);
  }
  const signed = sign === "-" ? -total : total;
  return signed > MAX_DURATION || signed < MIN_DURATION ? undefined : signed;
}
