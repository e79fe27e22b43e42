/** Numbers as decimal digits, and their forms in Go's `%f`, `%e` and `%g`. */

/** `digits` × 10^`exponent`, with the sign apart. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly exponent: number;
}

/** Bits of the numbers of Nomad; what lies halfway between two decimals is not exact in them. */
const PRECISION = 512n;

/** The text is that of a number without an exponent. */
export function decimalOf(text: string): Decimal {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  const trimmed = fraction.replace(/0+$/, "");
  return { negative: sign === "-", digits: BigInt(whole + trimmed), exponent: -trimmed.length };
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = signed(a, exponent) + signed(b, exponent);
  return { negative: sum < 0n, digits: sum < 0n ? -sum : sum, exponent };
}

function signed({ negative, digits, exponent }: Decimal, to: number): bigint {
  const scaled = digits * 10n ** BigInt(exponent - to);
  return negative ? -scaled : scaled;
}

export function decimalText(decimal: Decimal): string {
  return (decimal.negative ? "-" : "") + fixed(decimal, Math.max(0, -decimal.exponent));
}

/** Without the sign, like the other forms below. */
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
  const shortest = { negative: false, digits: BigInt(digits), exponent: power - digits.length + 1 };
  if (power < -4 || power >= limit) return scientific(shortest, undefined);
  return fixed(shortest, Math.max(0, -shortest.exponent));
}

interface Significant {
  readonly digits: string;
  /** Of ten, for the first digit. */
  readonly power: number;
}

/** undefined: all that there are. */
function significant(decimal: Decimal, count: number | undefined): Significant {
  const all = decimal.digits.toString();
  if (decimal.digits === 0n) return { digits: "0".repeat(count ?? 1), power: 0 };
  const power = all.length - 1 + decimal.exponent;
  if (count === undefined) return { digits: all.replace(/0+$/, ""), power };
  const rounded = roundedAt(decimal, power - count + 1).toString();
  return { digits: rounded.slice(0, count), power: rounded.length > count ? power + 1 : power };
}

/** How many units of 10^`place` it is, rounded to the nearest; halves go where Nomad's number lies, or to the even one. */
function roundedAt(decimal: Decimal, place: number): bigint {
  const shift = decimal.exponent - place;
  if (shift >= 0) return decimal.digits * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  const whole = decimal.digits / unit;
  const twice = (decimal.digits % unit) * 2n;
  if (twice !== unit) return twice > unit ? whole + 1n : whole;
  const error = binaryError(decimal);
  if (error !== 0n) return error > 0n ? whole + 1n : whole;
  return whole + (whole % 2n);
}

/** Has the sign of what the nearest binary number of 512 bits has too much. */
function binaryError({ digits, exponent }: Decimal): bigint {
  if (exponent >= 0) return 0n;
  const divisor = 10n ** BigInt(-exponent);
  const bits = BigInt(digits.toString(2).length - divisor.toString(2).length);
  let shift = PRECISION - bits;
  if ((digits << shift) / divisor >= 1n << PRECISION) shift -= 1n;
  const scaled = digits << shift;
  const rest = (scaled % divisor) * 2n;
  const quotient = scaled / divisor;
  const up = rest > divisor || (rest === divisor && quotient % 2n === 1n);
  return (up ? quotient + 1n : quotient) * divisor - scaled;
}
