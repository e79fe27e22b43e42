/** Points in time as people write them (RFC 3339), and the days of the calendar; nothing here knows what time it is. */

export interface Time {
  /** Of the clock and the calendar at the offset. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** Minutes east of Greenwich. */
  readonly offset: number;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;
const YAML_TIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))| (\d\d?):(\d\d?):(\d\d?)(?:[.,](\d+))?)?$/;

const SECONDS_A_DAY = 86_400;

/** undefined: it is no point in time. */
export function parseTime(text: string): Time | undefined {
  const found = RFC3339.exec(text);
  return found === null ? undefined : timeOf(found.slice(1));
}

/** Also without leading zeros, without an offset, and days without a time. */
export function parseYamlTime(text: string): Time | undefined {
  const [all, ...parts] = YAML_TIME.exec(text) ?? [];
  if (all === undefined) return undefined;
  const [year, month, day, , , , , sign, hours, minutes, ...spaced] = parts;
  const clock = spaced[0] === undefined ? parts.slice(3, 7) : spaced;
  return timeOf([year, month, day, ...clock, sign, hours, minutes]);
}

/** Year to second, the fraction, and the sign, hours and minutes of the offset. */
function timeOf(parts: readonly (string | undefined)[]): Time | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
  const [fraction = "", sign, hours = "0", minutes = "0"] = parts.slice(6);
  const clock = { hour, minute, second, nanosecond: Number(fraction.slice(0, 9).padEnd(9, "0")) };
  const offset = Number(hours) * 60 + Number(minutes);
  if (!isDay(year, month, day) || !isClock(clock) || Number(hours) > 24 || Number(minutes) > 60) return undefined;
  return { year, month, day, ...clock, offset: sign === "-" ? -offset : offset };
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function isClock({ hour, minute, second }: Pick<Time, "hour" | "minute" | "second">): boolean {
  return hour < 24 && minute < 60 && second < 60;
}

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** RFC 3339 without fractions of a second. */
export function timeText(time: Time): string {
  const { year, month, day, hour, minute, second } = time;
  const sign = year < 0 ? "-" : "";
  const years = sign + String(Math.abs(year)).padStart(4, "0");
  return `${years}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${offsetText(time, ":", "Z")}`;
}

export function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** `zero`: what stands for no offset at all. */
export function offsetText({ offset }: Pick<Time, "offset">, separator: string, zero?: string): string {
  if (offset === 0 && zero !== undefined) return zero;
  const size = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

/** 0 is Sunday. */
export function weekday({ year, month, day }: Pick<Time, "year" | "month" | "day">): number {
  return (((dayNumber(year, month, day) + 4) % 7) + 7) % 7;
}

export function addNanoseconds(time: Time, nanoseconds: bigint): Time {
  const total = BigInt(time.nanosecond) + nanoseconds;
  const nanosecond = Number(((total % BILLION) + BILLION) % BILLION);
  const seconds = Number((total - BigInt(nanosecond)) / BILLION);
  const clock = time.hour * 3600 + time.minute * 60 + time.second + seconds;
  const days = Math.floor(clock / SECONDS_A_DAY);
  const rest = clock - days * SECONDS_A_DAY;
  return {
    ...dateOf(dayNumber(time.year, time.month, time.day) + days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    nanosecond,
    offset: time.offset,
  };
}

const BILLION = 1_000_000_000n;

/** Days since 1970-01-01 (the method of Howard Hinnant's `days_from_civil`: years that start in March). */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function dateOf(days: number): Pick<Time, "year" | "month" | "day"> {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const centuries = Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + centuries) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
