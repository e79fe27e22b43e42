/** The forms of numbers in Go's `%f`, `%e` and `%g`; all without the sign. */
import type { Decimal } from "../decimal.ts";

/** Bits of the numbers of Nomad; what lies halfway between two decimals is not exact in them. */
const PRECISION = 512n;

export function fixed(decimal: Decimal, places: number): string {
  const digits = roundedAt(decimal, -places)
    .toString()
    .padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** `places` after the point; undefined: as many as there are. */
export function scientific(decimal: Decimal, places: number | undefined): string {
  const { digits, power } = significant(decimal, places === undefined ? undefined : places + 1);
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const size = Math.abs(power).toString().padStart(2, "0");
  return `${digits.slice(0, 1)}${fraction}e${power < 0 ? "-" : "+"}${size}`;
}

/** The shorter of the two; undefined: all digits, with an exponent from the seventh place before the point on. */
export function general(decimal: Decimal, precision: number | undefined): string {
  const wanted = precision === 0 ? 1 : precision;
  const found = significant(decimal, wanted);
  const digits = found.digits.replace(/0+$/, "") || "0";
  const { power } = found;
  let limit = wanted ?? 6;
  if (limit > digits.length && digits.length >= power + 1) limit = digits.length;
  if (wanted === undefined) limit = 6;
  const zeros = "0".repeat(Math.max(0, power - digits.length + 1));
  const shortest = { digits: BigInt(digits + zeros), scale: Math.max(0, digits.length - 1 - power) };
  if (power < -4 || power >= limit) return scientific(shortest, undefined);
  return fixed(shortest, shortest.scale);
}

interface Significant {
  readonly digits: string;
  /** Of ten, for the first digit. */
  readonly power: number;
}

/** undefined: all that there are. */
function significant(decimal: Decimal, count: number | undefined): Significant {
  const all = sizeOf(decimal).toString();
  if (decimal.digits === 0n) return { digits: "0".repeat(count ?? 1), power: 0 };
  const power = all.length - 1 - decimal.scale;
  if (count === undefined) return { digits: all.replace(/0+$/, ""), power };
  const rounded = roundedAt(decimal, power - count + 1).toString();
  return { digits: rounded.slice(0, count), power: rounded.length > count ? power + 1 : power };
}

/** How many units of 10^`place` it is, rounded to the nearest; halves go where Nomad's number lies, or to the even one. */
function roundedAt(decimal: Decimal, place: number): bigint {
  const size = sizeOf(decimal);
  const shift = -decimal.scale - place;
  if (shift >= 0) return size * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  const whole = size / unit;
  const twice = (size % unit) * 2n;
  if (twice !== unit) return twice > unit ? whole + 1n : whole;
  const error = binaryError(size, decimal.scale);
  if (error !== 0n) return error > 0n ? whole + 1n : whole;
  return whole + (whole % 2n);
}

function sizeOf({ digits }: Decimal): bigint {
  return digits < 0n ? -digits : digits;
}

/** Has the sign of what the nearest binary number of 512 bits has too much. */
function binaryError(size: bigint, scale: number): bigint {
  const divisor = 10n ** BigInt(scale);
  const bits = BigInt(size.toString(2).length - divisor.toString(2).length);
  let shift = PRECISION - bits;
  if ((size << shift) / divisor >= 1n << PRECISION) shift -= 1n;
  const scaled = size << shift;
  const rest = (scaled % divisor) * 2n;
  const quotient = scaled / divisor;
  const up = rest > divisor || (rest === divisor && quotient % 2n === 1n);
  return (up ? quotient + 1n : quotient) * divisor - scaled;
}
